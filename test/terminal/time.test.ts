import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { recordingLine } from '../../top/model/recording.js';
import { makeFolder } from '../support/folder.js';
import { asJson } from '../support/readings.js';
import { NOW } from '../support/stats-builder.js';
import { busyShop } from '../support/dashboard.js';
import { serveShop } from '../support/shop-server.js';
import { openPty } from '../support/pty.js';

const main = fileURLToPath(new URL('../../top/main.js', import.meta.url));

test('the past can be gone through, stands still, and leads back to now', async (t) => {
  const address = await serveShop(t);
  const top = await openPty(t, { args: [main, address, '-d', '0.5'], width: 120, height: 40 });
  if (!top) return;
  const requests = (): number =>
    Number(/requests ([\d,]+)/.exec(top.screen())?.[1]?.replaceAll(',', '') ?? 0);
  await top.until((screen) => screen.includes('live') && requests() > 0, 'the first document');
  const first = requests();
  await top.until(() => requests() > first + 2000, 'some documents');
  top.press('{');
  await top.until((screen) => /◀ \d\d:\d\d:\d\d, \d+s ago/.test(screen), 'the past');
  assert.ok(requests() <= first + 2000, 'the oldest document in memory');
  const then = requests();
  await top.until((screen) => /, [3-9]s ago/.test(screen), 'its age');
  assert.equal(requests(), then, 'the screen stands still');
  top.press(']');
  await top.until(() => requests() > then, 'the moment after it');
  top.press('R');
  await top.until((screen) => screen.includes('this is the past'), 'the refusal');
  top.press('0');
  await top.until((screen) => screen.includes('live') && !screen.includes('ago'), 'now');
  top.press('p');
  await top.until((screen) => /paused \d\d:\d\d:\d\d/.test(screen), 'the pause');
  top.press('p');
  await top.until((screen) => screen.includes('live'), 'on again');
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});

test('a replay is stopped, gone back in and forth, and made faster', async (t) => {
  const lines = Array.from({ length: 600 }, (_, second) =>
    recordingLine({
      stats: asJson(busyShop(second)),
      transport: 'live',
      wallMs: (NOW + second) * 1000,
    }),
  );
  const file = path.join(makeFolder(t, { 'shop.ndjson': lines.join('') }), 'shop.ndjson');
  const top = await openPty(t, {
    args: [main, '--replay', file, '--speed', '8'],
    width: 120,
    height: 40,
  });
  if (!top) return;
  const requests = (): string => /requests +([\d,]+)/.exec(top.screen())?.[1] ?? '';
  await top.until((screen) => /replay 8x \d\d:\d\d:\d\d · 1\ds/.test(screen), 'some seconds of it');
  top.press('p');
  await top.until((screen) => /paused \d\d:\d\d:\d\d, 0s ago/.test(screen), 'the pause');
  const then = requests();
  top.press('[', '[', '[');
  await top.until((screen) => /◀ \d\d:\d\d:\d\d, [34]s ago/.test(screen), 'three seconds before');
  assert.notEqual(requests(), then);
  top.press(']', ']', '>');
  await top.until((screen) => /, [12]s ago/.test(screen), 'on again, time standing still');
  top.press('R');
  await top.until((screen) => screen.includes('this is a recording'), 'the refusal');
  top.press('0');
  await top.until((screen) => screen.includes('replay 16x'), 'twice as fast');
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});
