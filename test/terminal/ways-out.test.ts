import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openPty, type Pty } from '../support/pty.js';

const toy = fileURLToPath(new URL('../fixtures/terminal/toy.js', import.meta.url));

/** The toy between two readings of the terminal's settings, in a shell that tells its exit code. */
async function inShell(t: TestContext, env: Readonly<Record<string, string>> = {}) {
  const script = 'stty -g; "$0" "$1"; echo "code=$?"; stty -g; exec sleep 1000';
  const pty = await openPty(t, {
    ...{ file: 'sh', args: ['-c', script, process.execPath, toy] },
    ...{ env, width: 160, height: 40 },
  });
  if (!pty) return undefined;
  await pty.until((screen) => screen.includes('keys'));
  return pty;
}

/** The process id that the toy shows. */
function toyPid(pty: Pty): number {
  const pid = /pid (\d+)/.exec(pty.screen())?.[1];
  assert.ok(pid, 'the toy shows its process id');
  return Number(pid);
}

/** Everything is as it was: screen, cursor, modes, settings of the line; then the exit code. */
async function assertRestored(pty: Pty, code: number): Promise<void> {
  const settings = /^[0-9a-f]+(:[0-9a-f]+)+$/;
  const readings = (screen: string) => screen.split('\n').filter((row) => settings.test(row));
  await pty.until((screen) => readings(screen).length === 2, 'both readings of the settings');
  const [before, after] = readings(pty.screen());
  assert.equal(after, before, 'the settings of the line');
  assert.equal(pty.buffer(), 'normal');
  assert.deepEqual([...pty.modes], [25], 'the cursor shown, no other mode set');
  assert.match(pty.screen(), new RegExp(`^code=${code}$`, 'm'));
}

const waysOut: readonly (readonly [name: string, leave: (pty: Pty) => void, code: number])[] = [
  [
    'q',
    (pty) => {
      pty.press('q');
    },
    0,
  ],
  [
    '^C',
    (pty) => {
      pty.press('ctrl-c');
    },
    0,
  ],
  [
    '^\\',
    (pty) => {
      pty.press('ctrl-\\');
    },
    131,
  ],
  ['SIGINT', (pty) => process.kill(toyPid(pty), 'SIGINT'), 130],
  ['SIGTERM', (pty) => process.kill(toyPid(pty), 'SIGTERM'), 143],
  ['SIGHUP', (pty) => process.kill(toyPid(pty), 'SIGHUP'), 129],
  ['SIGQUIT', (pty) => process.kill(toyPid(pty), 'SIGQUIT'), 131],
  [
    'a library that calls process.exit',
    (pty) => {
      pty.press('E');
    },
    7,
  ],
];

for (const [name, leave, code] of waysOut) {
  test(`${name} gives the terminal back and ends with ${code}`, async (t) => {
    const pty = await inShell(t);
    if (!pty) return;
    leave(pty);
    await assertRestored(pty, code);
  });
}

const crashes = [
  ['an exception in update', 'U', 'a bug in update'],
  ['an uncaught exception', 'X', 'a bug in a callback'],
  ['an unhandled rejection', 'P', 'a bug in a promise'],
] as const;

for (const [name, key, message] of crashes) {
  test(`${name} gives the terminal back, and its stack can be read`, async (t) => {
    const pty = await inShell(t);
    if (!pty) return;
    pty.press(key);
    await assertRestored(pty, 1);
    assert.equal(pty.screen().split(`Error: ${message}`).length, 2, 'said once');
    assert.match(pty.screen(), /^ {4}at .*toy\.js/m);
  });
}

test('a warning does not tear the picture and can be read afterwards', async (t) => {
  const pty = await inShell(t);
  if (!pty) return;
  pty.press('W', 'n');
  await pty.until((screen) => screen.includes('keys W n'));
  assert.doesNotMatch(pty.screen(), /a warning/);
  pty.press('q');
  await assertRestored(pty, 0);
  assert.match(pty.screen(), /^a warning of a library$/m);
});

/** Resolves when no such process is left. */
async function ended(pid: number): Promise<void> {
  for (let alive = true; alive;) {
    try {
      process.kill(pid, 0);
      await new Promise((resolve) => setTimeout(resolve, 20));
    } catch {
      alive = false;
    }
  }
}

test('a terminal window that is closed ends the program', { timeout: 20_000 }, async (t) => {
  const pty = await openPty(t, { args: [toy] });
  if (!pty) return;
  await pty.until((screen) => screen.includes('keys'));
  const pid = toyPid(pty);
  pty.hangUp();
  await ended(pid);
});

test(
  'a closed window ends the program even when the shell ignores hang-ups',
  { timeout: 20_000 },
  async (t) => {
    const pty = await openPty(t, {
      ...{ file: 'sh', args: ['-c', 'trap "" HUP; "$0" "$1"; exit 0', process.execPath, toy] },
    });
    if (!pty) return;
    await pty.until((screen) => screen.includes('keys'));
    const pid = toyPid(pty);
    pty.hangUp();
    await ended(pid);
  },
);

test('^Z gives the shell its terminal, fg brings the picture back at the new size', async (t) => {
  const pty = await openPty(t, {
    ...{ file: 'bash', args: ['--norc', '--noprofile', '-i'], width: 160 },
    env: { PS1: 'shell> ', NODE: process.execPath, TOY: toy },
  });
  if (!pty) return;
  await pty.until((screen) => screen.includes('shell>'));
  pty.press('stty -g\r');
  const reading = (screen: string) => /^[0-9a-f]+(:[0-9a-f]+)+$/gm.exec(screen)?.[0];
  await pty.until((screen) => reading(screen) !== undefined);
  const before = reading(pty.screen());
  pty.press('clear; "$NODE" "$TOY"\r');
  await pty.until((screen) => screen.includes('keys') && screen.includes('┌'));
  pty.press('a', 'ctrl-z');
  await pty.until((screen) => screen.includes('Stopped'));
  assert.equal(pty.buffer(), 'normal');
  assert.ok(pty.modes.has(25));
  pty.press('clear; stty -g\r');
  await pty.until((screen) => reading(screen) !== undefined);
  assert.equal(reading(pty.screen()), before, 'the settings of the line');
  pty.resize(60, 20);
  pty.press('fg\r');
  await pty.until((screen) => screen.includes('size 60x20') && screen.includes('keys a ctrl-z'));
  assert.equal(pty.buffer(), 'alternate');
  assert.ok(!pty.modes.has(25) && pty.modes.has(2004));
  pty.press('b');
  await pty.until((screen) => screen.includes('keys a ctrl-z b'));

  process.kill(toyPid(pty), 'SIGTSTP');
  await pty.until(() => pty.buffer() === 'normal', 'the normal screen');
  pty.press('fg\r');
  await pty.until((screen) => screen.includes('keys a ctrl-z b') && screen.includes('┌'));
  pty.press('q');
  await pty.until((screen) => pty.buffer() === 'normal' && screen.includes('shell>'));
  pty.press('echo "code=$?"; exit\r');
  await pty.exited;
  assert.match(pty.screen(), /^code=0$/m);
});

test('a stop without a job, as a terminal has that runs nothing else, brings the picture back', async (t) => {
  const pty = await openPty(t, { args: [toy] });
  if (!pty) return;
  await pty.until((screen) => screen.includes('keys'));
  pty.press('ctrl-z', 'b');
  await pty.until((screen) => screen.includes('keys ctrl-z'));
  pty.press('c');
  await pty.until((screen) => /keys ctrl-z (b )?c/.test(screen));
  assert.equal(pty.buffer(), 'alternate');
  pty.press('q');
  assert.deepEqual(await pty.exited, { exitCode: 0, signal: 0 });
});

test('continued after SIGSTOP, which cannot be caught, it takes the terminal again', async (t) => {
  const pty = await openPty(t, { args: [toy] });
  if (!pty) return;
  await pty.until((screen) => screen.includes('keys'));
  const pid = toyPid(pty);
  process.kill(pid, 'SIGSTOP');
  const before = pty.output().length;
  process.kill(pid, 'SIGCONT');
  await pty.until(() => pty.output().slice(before).includes('┌'), 'the picture drawn again');
  pty.press('q');
  assert.deepEqual(await pty.exited, { exitCode: 0, signal: 0 });
});
