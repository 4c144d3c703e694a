import assert from 'node:assert/strict';
import { readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../support/folder.js';
import { serveShop } from '../support/shop-server.js';
import { openPty, type Pty } from '../support/pty.js';

const main = fileURLToPath(new URL('../../top/main.js', import.meta.url));

async function watch(t: TestContext, home: string, ...options: string[]): Promise<Pty | undefined> {
  const args = [main, await serveShop(t), ...options];
  const env = { XDG_CONFIG_HOME: home };
  const top = await openPty(t, { args, env, width: 120, height: 40 });
  if (top) await top.until((screen) => screen.includes('live') && screen.includes('WID'));
  return top;
}

async function quit(top: Pty): Promise<void> {
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
}

test('y hands the marked line to the clipboard of the terminal', async (t) => {
  const top = await watch(t, makeFolder(t, {}));
  if (!top) return;
  top.press('down', 'y');
  await top.until((screen) => screen.includes('copied worker 1 (2 lines)'), 'that it was copied');
  const [, sent = ''] = top.output().split('\x1b]52;c;');
  const [copied = ''] = sent.split('\x07');
  const [titles = '', cells = ''] = Buffer.from(copied, 'base64').toString('utf8').split('\n');
  assert.match(titles, /^WID\tSTATUS\t/);
  assert.match(cells, /^1\t● busy\t/);
  await quit(top);
});

test('settings act at once, are written when that is asked for, and are there again', async (t) => {
  const home = makeFolder(t, {});
  const file = path.join(home, 'tsuwsgitop', 'config.yaml');
  const top = await watch(t, home);
  if (!top) return;
  top.press('f2', 'down', 'down', 'down', ' ');
  await top.until(() => !top.modes.has(1000), 'the mouse is given back');
  assert.equal(existsSync(file), false, 'nothing is written yet');
  top.press('s');
  await top.until((screen) => screen.includes('settings written to'), 'that it was written');
  assert.match(readFileSync(file, 'utf8'), /^mouse: false$/m);
  top.press('escape');
  await top.until((screen) => !screen.includes('Settings'), 'the dialog is closed');
  await quit(top);
  const again = await watch(t, home);
  if (!again) return;
  assert.equal(again.modes.has(1000), false, 'the setting is kept');
  await quit(again);
});

test('a file of settings that is wrong is told, and the dashboard starts', async (t) => {
  const folder = makeFolder(t, { mine: 'theme: purple\nview: memory\n' });
  const top = await watch(t, folder, '--config', path.join(folder, 'mine'));
  if (!top) return;
  await top.until((screen) => screen.includes('"purple" is no'), 'the warning');
  assert.match(top.screen(), /POOL/);
  await quit(top);
});
