import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openPty } from '../support/pty.js';

const toy = fileURLToPath(new URL('../fixtures/terminal/toy.js', import.meta.url));

test('a real terminal shows borders, sparkline and keys, the cursor hidden', async (t) => {
  const pty = await openPty(t, { args: [toy], width: 30, height: 8 });
  if (!pty) return;
  await pty.until((screen) => screen.includes('keys') && screen.includes('█'));
  const [top, , size, keys, bottom, title, spark] = pty.rows();
  assert.equal(top, '┌ toy ───────────────────────┐');
  assert.match(size ?? '', /^│size 30x8 +│$/);
  assert.match(keys ?? '', /^│keys +│$/);
  assert.equal(bottom, '└────────────────────────────┘');
  assert.deepEqual([title, spark], ['rps', '            ▁▂▃▄▅▆▇█']);
  assert.deepEqual([...pty.modes].sort(), [1000, 1006, 1049, 2004]);
  assert.equal(pty.buffer(), 'alternate');
  assert.equal(pty.title(), 'toy');
  pty.press('a', 'up', 'f9', 'é');
  await pty.until((screen) => screen.includes('keys a up f9 é'));
});

test('a sequence cut in two by the line, a paste and a reply make no invented key', async (t) => {
  const pty = await openPty(t, { args: [toy] });
  if (!pty) return;
  await pty.until((screen) => screen.includes('keys'));
  pty.press(
    '\x1b',
    '[A',
    '\x1b[200~kill 1\ry\x1b[201~',
    '\x1b[12;40R',
    '\x1b]11;rgb:0/0/0\x07',
    'z',
  );
  await pty.until((screen) => /keys up paste z +│/.test(screen));
});

test('a resize redraws at the new size, down to 20x5 and 1x1 and back', async (t) => {
  const pty = await openPty(t, { args: [toy] });
  if (!pty) return;
  for (const [width, height] of [
    [80, 24],
    [20, 5],
    [1, 1],
    [10, 3],
    [200, 60],
  ] as const) {
    pty.resize(width, height);
    const corner = (rows: string[]): boolean => rows[0]?.length === width;
    await pty.until(
      (screen) =>
        (width < 20 ? screen.startsWith('┌') : screen.includes(`size ${width}x${height}`)) &&
        corner(pty.rows()),
      `a picture of ${width}x${height}`,
    );
  }
  pty.press('q');
  assert.deepEqual(await pty.exited, { exitCode: 0, signal: 0 });
});

test('NO_COLOR sends no colour', async (t) => {
  const pty = await openPty(t, { args: [toy], env: { NO_COLOR: '1' } });
  if (!pty) return;
  await pty.until((screen) => screen.includes('█'));
  for (const cell of pty.cells().flat())
    assert.deepEqual([cell.fg, cell.bg], [undefined, undefined]);
});

test('a terminal of the linux console gets ASCII', async (t) => {
  const pty = await openPty(t, { args: [toy], env: { TERM: 'linux' } });
  if (!pty) return;
  await pty.until((screen) => screen.includes('+ toy ---'));
  assert.doesNotMatch(pty.output(), /\P{ASCII}/u);
});

test('TERM=dumb and an unset TERM get text without one escape sequence', async (t) => {
  const cases = [
    ['TERM=dumb', 'TERM=dumb'],
    ['--unset=TERM', 'TERM is not set'],
  ] as const;
  for (const [setting, reason] of cases) {
    const pty = await openPty(t, { file: 'env', args: [setting, process.execPath, toy] });
    if (!pty) return;
    assert.deepEqual(await pty.exited, { exitCode: 0, signal: 0 });
    assert.ok(pty.output().startsWith(`report, since ${reason}`), pty.output());
    assert.ok(!pty.output().includes('\x1b'));
  }
});

test('without a terminal there is text, whatever stdin is', () => {
  const run = spawnSync(process.execPath, [toy], { encoding: 'utf8', input: 'q' });
  assert.equal(run.status, 0);
  assert.equal(run.stdout, 'report, since the output is not a terminal\n');
  assert.equal(run.stderr, '');
});
