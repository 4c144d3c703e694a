import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTraffic } from '../../examples/traffic.js';
import { openPty } from '../support/pty.js';
import { pictureOf } from '../support/picture.js';
import { CATSERVE, ROOT, startServer } from '../support/server.js';

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));
const FILE = path.join(ROOT, 'docs/dashboard.svg');

/** How much of a history the picture shows when it is taken anew. */
const HISTORY_S = 75;

/** The words of a picture or of a line of the screen that do not change with the figures. */
function labels(text: string): string[] {
  return text.split(/\s+/).filter((word) => /^[A-Za-z/?^][A-Za-z/]*\d?$/.test(word));
}

/**
 * The picture is the real dashboard on the real example, with real traffic. UPDATE_PICTURE=1 takes
 * it anew, which needs more than a minute; without it the test takes one too, and sees to it that
 * the one in the README still has today's headings, columns and keys.
 */
test("the README's picture is taken from the real screen, and shows what it shows today", async (t) => {
  const isUpdate = process.env['UPDATE_PICTURE'] === '1';
  const args = ['--module', CATSERVE, '-L', '-p', '6', '--async', '16', '--name', 'catserve'];
  const server = startServer(t, args);
  await server.ready();
  const traffic = startTraffic((await server.url('')).replace(/\/$/, ''));
  t.after(() => {
    traffic.stop();
  });
  const top = await openPty(t, {
    args: [TOP, `127.0.0.1:${await server.statsPort()}`],
    width: 120,
    height: 34,
    env: { XDG_RUNTIME_DIR: server.directory },
  });
  if (!top) return;
  const start = performance.now();
  const seconds = isUpdate ? HISTORY_S : 2;
  await top.until(
    (screen) =>
      /GET +\/slow/.test(screen) &&
      /p95 +[\d.,]+/.test(screen) &&
      performance.now() - start > seconds * 1000,
    'traffic on the screen',
    (seconds + 30) * 1000,
  );
  const picture = pictureOf({ cells: top.cells(), title: top.title() });
  if (isUpdate) writeFileSync(FILE, picture);
  const kept = readFileSync(FILE, 'utf8').replaceAll(/<[^>]+>/g, ' ');
  const rows = top.rows();
  const columns = rows.find((row) => /WID +STATUS/.test(row)) ?? '';
  for (const row of [rows[1] ?? '', columns, rows.at(-1) ?? '']) {
    for (const label of labels(row)) assert.ok(kept.includes(label), `${label} is in the picture`);
  }
  assert.ok(labels(columns).length > 8, columns);
});
