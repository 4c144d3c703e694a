import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { openPty } from '../support/pty.js';
import { eventually } from '../support/eventually.js';
import { descendants, isAlive, ROOT } from '../support/server.js';

const START = path.join(ROOT, 'dist/examples/start.js');

test('npm start runs the example, on a fresh clone too', () => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  assert.equal(manifest.scripts['start'], 'node dist/examples/start.js');
  assert.equal(manifest.scripts['prestart'], 'node .ci/prepare.mjs');
});

test('the example opens the dashboard on live cats, and quitting it stops all of it', async (t) => {
  const env = { XDG_RUNTIME_DIR: makeFolder(t, {}) };
  const top = await openPty(t, { args: [START], width: 120, height: 40, env });
  if (!top) return;
  await top.until(
    (screen) => screen.startsWith(' catserve ') && screen.includes('● live'),
    'the cats',
  );
  await top.until((screen) => /requests +[1-9]/.test(screen), 'some traffic');
  const processes = await eventually('server, four workers, a spooler and dashboard', () => {
    const pids = descendants(top.pid);
    return pids.length === 7 && pids;
  });
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
  await eventually('every process to be gone', () => processes.every((pid) => !isAlive(pid)));
});

test('without a terminal the example prints one report and ends', async (t) => {
  const child = spawn(process.execPath, [START], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_RUNTIME_DIR: makeFolder(t, {}) },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 0);
  assert.match(output, /^catserve {2}tsuwsgi /);
  assert.equal(output.match(/^ +[1-4] . (idle|busy) /gm)?.length, 4, output);
});
