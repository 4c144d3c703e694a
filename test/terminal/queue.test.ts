import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isEnabled } from '../support/key-bar.js';
import { openPty, type Pty } from '../support/pty.js';
import { type Spooling, startSpooling } from '../support/spooling.js';

/** A queue of a real server, looked into and set right from the keyboard. */

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

interface Scene {
  readonly spooling: Spooling;
  readonly top: Pty;
}

/** The tasks of the queue of a server, opened from the view of sockets and others. */
async function open(
  t: TestContext,
  args: readonly string[] = [],
  prepare: (spooling: Spooling) => Promise<void> = () => Promise.resolve(),
): Promise<Scene | undefined> {
  const spooling = startSpooling(t, args);
  await spooling.pid();
  await prepare(spooling);
  const { server } = spooling;
  const top = await openPty(t, {
    args: [TOP, `127.0.0.1:${await server.statsPort()}`, '-d', '0.2', '--view', 'others'],
    ...{ width: 120, height: 40 },
    env: { XDG_RUNTIME_DIR: server.directory },
  });
  if (!top) return undefined;
  await top.until((screen) => screen.includes(' waiting · '), 'the queue in the view of others');
  await top.until(() => isEnabled(top, 'Enter'), 'a queue to open');
  top.press('enter');
  await top.until((screen) => screen.includes('PROGRESS, LAST ERROR'), 'the tasks');
  return { spooling, top };
}

/** Marks the task of that name. */
async function mark(top: Pty, name: RegExp): Promise<void> {
  await top.until((screen) => name.test(screen), `a task as ${name.source}`);
  top.press('home');
  await top.until((screen) => /^▶ /m.test(screen), 'the mark');
  while (!name.test(/^▶ .*$/m.exec(top.screen())?.[0] ?? '')) {
    const before = top.screen();
    top.press('down');
    await top.until((screen) => screen !== before, 'the mark on the next task');
  }
}

async function confirmed(top: Pty, key: string, question: RegExp): Promise<void> {
  await top.until(() => isEnabled(top, key), `${key} to have an effect`);
  top.press(key);
  await top.until(
    (screen) => question.test(screen) && screen.includes('[ Cancel ]'),
    'the question, with Cancel as the default',
  );
  top.press('right', 'enter');
}

test('a task that failed is retried from the keyboard and runs, another one is dropped', async (t) => {
  const scene = await open(t, [], async (spooling) => {
    await spooling.spool('fail', { what: 'cat' }, { retries: 0 });
    await spooling.until('a task to fail', ({ failed }) => failed === 1);
    await spooling.spool('note', { what: 'later' }, { delay: 1e8 });
  });
  if (!scene) return;
  const { spooling, top } = scene;
  await mark(top, /failed .* fail .*Error: no cat in this picture/);
  top.press('R');
  await top.until((screen) => /Retry task [0-9a-f]{12}/.test(screen), 'the question');
  top.press('enter');
  await top.until((screen) => !screen.includes('Retry task'), 'that it is cancelled');
  assert.doesNotMatch(spooling.server.output, /audit: spooler-retry/);
  await confirmed(top, 'R', /Retry task [0-9a-f]{12}/);
  await top.until((screen) => /retry of task .*: offered again/.test(screen), 'the outcome');
  await spooling.until('it to have run twice', ({ tasks }) => tasks === 2);
  assert.deepEqual(spooling.notes(), ['ran cat 1', 'ran cat 1']);

  await mark(top, /later .* note /);
  await confirmed(top, 'X', /Drop task [0-9a-f]{12}/);
  await top.until((screen) => /drop of task .*: dropped/.test(screen), 'the outcome');
  await spooling.until('nothing to be for later', ({ delayed }) => delayed === 0);
  await top.until((screen) => screen.includes('0 for later'), 'the count without it');
  assert.doesNotMatch(top.screen(), /later .* note /);
  top.press('5');
  await top.until((screen) => /drop of task .* done/.test(screen), 'the event of it');
  await top.until(
    (screen) => /task "fail" \([0-9a-f]{32}\) failed for good after 1 run/.test(screen),
    'the event of its failure',
  );
  await spooling.server.logged(/^audit: spooler-drop [0-9a-f]+ of .* by .*: done: task/m);
});

test('P pauses a queue, which waits then, and resumes it', async (t) => {
  const scene = await open(t);
  if (!scene) return;
  const { spooling, top } = scene;
  await confirmed(top, 'P', /Pause a queue/);
  await spooling.until('it to be paused', ({ paused }) => paused === 1);
  await top.until((screen) => screen.includes('‖ paused'), 'that it is paused');
  await spooling.spool('note', { what: 'cat' });
  await top.until((screen) => screen.includes('is paused, 1 task waits'), 'the diagnosis');
  await top.until((screen) => /○ waits .* note /.test(screen), 'the task that waits');
  await confirmed(top, 'P', /Resume a queue/);
  await spooling.noted('ran cat 1');
  await top.until((screen) => !screen.includes('paused,'), 'that it goes on');
});

test('what runs is shown with how far it is, and is left alone', async (t) => {
  const scene = await open(t, [], async (spooling) => {
    await spooling.spool('hold', { what: 'cat' });
    await spooling.noted('began cat 1');
  });
  if (!scene) return;
  const { spooling, top } = scene;
  await mark(top, /● runs .* hold .*50 %/);
  await top.until(() => isEnabled(top, 'P'), 'the right to control');
  top.press('X');
  await top.until(
    (screen) => screen.includes('is running: wait until its run has ended'),
    'why not',
  );
  assert.doesNotMatch(top.screen(), /Drop task/);
  spooling.letGo();
  await top.until((screen) => screen.includes('nothing runs, waits or has failed'), 'the end');
});

test('who may only read sees what runs, and is told why the rest is not listed', async (t) => {
  const scene = await open(t, ['--stats-read-only'], async (spooling) => {
    await spooling.spool('hold', { what: 'cat' });
    await spooling.noted('began cat 1');
  });
  if (!scene) return;
  const { spooling, top } = scene;
  await top.until((screen) => /not listed: .*--stats-read-only/.test(screen), 'the reason');
  await mark(top, /● runs .* hold /);
  assert.ok(!isEnabled(top, 'P'));
  top.press('P');
  assert.doesNotMatch(spooling.server.output, /audit: spooler-/);
  spooling.letGo();
});
