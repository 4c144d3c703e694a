import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPainter } from '../../../top/terminal/painter.js';
import { themeFor } from '../../../top/terminal/theme.js';
import { view } from '../../../top/view/view.js';
import { client, instanceAt, keys, operate, play, start, tick } from '../../support/dashboard.js';
import { instance, worker } from '../../support/stats-builder.js';

/** More than a day at one a second, ten minutes of work; 25 minutes of it in the common run. */
const FRAMES = process.env['TEST_LONG'] === '1' ? 100_000 : 1500;
const WORKERS = 8;
/** What may differ from one look to the next without anything growing. */
const NOISE_BYTES = 3_000_000;

/** Documents in which somebody is always busy, and every so often a process is replaced. */
function document(frame: number) {
  return instance(
    Array.from({ length: WORKERS }, (_, index) => {
      const lives = Math.floor((frame + index * 50) / 400);
      const id = index + 1;
      return worker(id, {
        requests: 1000 + frame * 3 + index,
        tx: 5000 * frame,
        pid: 1000 + lives * WORKERS + id,
        last_spawn: 1_700_000_000 + lives * 400,
        respawn_count: 1 + lives,
        status: (frame + index) % 3 === 0 ? 'busy' : 'idle',
      });
    }),
  );
}

/** What a person may do between two documents: each of them often, in a fixed order. */
const DOINGS = ['down', 'tab', 'up', 'f6', 'escape', '?', 'escape', '/', 'a', 'escape', 'end'];

test(`${FRAMES} frames later the dashboard holds no more than it did`, async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const listeners = process.eventNames().map((name) => process.listenerCount(name));
  const painter = createPainter({ width: 120, height: 40 }, themeFor(256), false);
  let model = play(start(120, 40), [operate]).model;
  const held: number[] = [];
  for (let frame = 1; frame <= FRAMES; frame++) {
    const at = frame * 1000;
    const messages = [
      frame % 97 === 0
        ? client({ type: 'problem', at, message: 'it answered with something else' })
        : instanceAt(at, document(frame)),
      tick(at + 1),
      ...(frame % 5 === 0 ? keys(DOINGS[(frame / 5) % DOINGS.length] ?? '') : []),
    ];
    model = play(model, messages).model;
    painter.paint(view(model));
    // As between two frames of the program: what blessed put off until now is done, and let go.
    await setImmediate();
    if (frame % Math.floor(FRAMES / 6) !== 0) continue;
    collect();
    held.push(process.memoryUsage().heapUsed);
  }
  painter.destroy();
  const settled = held.slice(2);
  const growth = (settled.at(-1) ?? NaN) - (settled[0] ?? NaN);
  assert.ok(growth < NOISE_BYTES, `${Math.round(growth / 1000)} KB more: ${held.join(', ')}`);
  assert.deepEqual(
    process.eventNames().map((name) => process.listenerCount(name)),
    listeners,
  );
});
