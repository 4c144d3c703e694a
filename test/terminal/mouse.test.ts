import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serveShop } from '../support/shop-server.js';
import { openPty, type Pty } from '../support/pty.js';

const main = fileURLToPath(new URL('../../top/main.js', import.meta.url));

async function watch(t: TestContext, ...options: string[]): Promise<Pty | undefined> {
  const args = [main, await serveShop(t), ...options];
  const top = await openPty(t, { args, width: 120, height: 40 });
  if (top) await top.until((screen) => screen.includes('live') && screen.includes('WID'));
  return top;
}

/** A click as terminals report it, on the first place with this text. */
function click(top: Pty, text: string): void {
  const rows = top.screen().split('\n');
  const y = rows.findIndex((row) => row.includes(text));
  assert.ok(y >= 0, `"${text}" is on the screen`);
  const place = `${(rows[y] ?? '').indexOf(text) + 1};${y + 1}`;
  top.press(`\x1b[<0;${place}M`, `\x1b[<0;${place}m`);
}

test('the mouse is asked for, marks, sorts and presses keys, and is given back', async (t) => {
  const top = await watch(t);
  if (!top) return;
  assert.ok(top.modes.has(1000) && top.modes.has(1006), 'clicks are reported');
  click(top, 'RPS');
  await top.until((screen) => screen.includes('▾RPS'), 'the order by RPS');
  top.press('\x1b[<65;10;20M');
  await top.until((screen) => screen.includes('▶'), 'a mark');
  click(top, '? help');
  await top.until((screen) => screen.includes('Esc closes'), 'the help');
  click(top, 'Esc closes');
  await top.until(
    (screen) => !screen.includes('Esc closes') && screen.includes('q quit'),
    'the help is closed',
  );
  click(top, 'q quit');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
  assert.ok(!top.modes.has(1000) && !top.modes.has(1006), 'clicks are the terminal’s again');
});

test('with --no-mouse the terminal keeps its mouse', async (t) => {
  const top = await watch(t, '--no-mouse');
  if (!top) return;
  assert.ok(!top.modes.has(1000) && !top.modes.has(1006));
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});
