import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DecodedInstance } from '../../../shared/stats.js';
import { differenceOf, type Grown } from '../../../top/model/difference.js';
import type { Model } from '../../../top/model/model.js';
import type { Shown } from '../../../top/model/shown.js';
import { view } from '../../../top/view/view.js';
import { busyModel, busyShop, instanceAt, keys, play } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';

const shown = (at: number, document: DecodedInstance): Shown => ({
  ...{ at, transport: 'live' },
  document: { kind: 'instance', instance: document, damaged: false },
});

const between = (before: DecodedInstance, after: DecodedInstance, ms = 10_000) => {
  const found = differenceOf(shown(1000, before), shown(1000 + ms, after));
  assert.ok(found !== null);
  return found;
};

const MEGABYTE = 1024 * 1024;
const counted = (requests: number, more: Parameters<typeof worker>[1] = {}) =>
  worker(1, {
    requests,
    running_time: requests * 2000,
    exceptions: 2,
    rss: 100 * MEGABYTE,
    ...more,
  });

test('what grew is told for all and for each, with rate and mean of this time alone', () => {
  const found = between(
    instance([counted(100), worker(2, { requests: 5, running_time: 0 })]),
    instance([
      counted(300, { exceptions: 3, running_time: 1_000_000, rss: 90 * MEGABYTE }),
      worker(2, { requests: 5, running_time: 0 }),
    ]),
  );
  const [first, second] = found.workers;
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(
    [first.requests, first.rps, first.mean, first.exceptions, first.rss],
    [200, 20, 4000, 1, -10 * MEGABYTE],
  );
  assert.deepEqual([second.requests, second.rps, second.mean], [0, 0, null]);
  assert.deepEqual([found.total.requests, found.total.rps], [200, 20]);
  assert.equal(found.elapsedMs, 10_000);
});

test('a replaced process is said so, and its memory is compared with nothing', () => {
  const replaced = { pid: 9, last_spawn: NOW, respawn_count: 4 };
  const found = between(instance([counted(100)]), instance([counted(300, replaced)]));
  assert.deepEqual([found.workers[0]?.change, found.workers[0]?.rss], ['replaced', null]);
  assert.equal(found.total.rss, 0, 'all processes together');
  // tsuwsgi counts on over a respawn.
  assert.equal(found.workers[0]?.requests, 200);
});

test('after a restart of the master nothing is compared', () => {
  const found = between(
    instance([counted(100)]),
    instance([counted(300)], { boot_id: 'ffffffffffffffffffffffffffffffff' }),
  );
  assert.equal(found.restarted, true);
  assert.deepEqual(Object.values(found.total), Array(8).fill(null));
});

test('a counter that went back is not known', () => {
  const found = between(instance([counted(300)]), instance([counted(100)]));
  assert.equal(found.workers[0]?.requests, null);
  assert.equal(found.total.requests, null);
  assert.equal(found.total.exceptions, 0);
});

test('no figure is ever negative, NaN or infinite, except that memory may shrink', () => {
  const number = fc.oneof(fc.nat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER));
  const one = fc.record({
    ...{ id: fc.integer({ min: 0, max: 4 }), pid: fc.integer({ min: 0, max: 3 }) },
    ...{ last_spawn: number, requests: number, running_time: number, exceptions: number },
    ...{ harakiri_count: number, respawn_count: number, tx: number, rss: number },
  });
  const document = fc
    .tuple(fc.array(one, { maxLength: 5 }), fc.constantFrom('a'.repeat(32), 'b'.repeat(32)))
    .map(([workers, boot_id]) =>
      instance(
        workers.map(({ id, ...fields }) => worker(id, fields)),
        { boot_id },
      ),
    );
  fc.assert(
    fc.property(document, document, fc.nat({ max: 100_000 }), (before, after, ms) => {
      const found = between(before, after, ms);
      for (const grown of [found.total, ...found.workers] as readonly Grown[]) {
        const { requests, rps, mean, exceptions, harakiri, respawns, tx, rss } = grown;
        for (const value of [requests, rps, mean, exceptions, harakiri, respawns, tx]) {
          assert.ok(value === null || (Number.isFinite(value) && value >= 0));
        }
        assert.ok(rss === null || Number.isFinite(rss));
      }
    }),
  );
});

const press = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;

test('m marks, and at another moment shows what differs, the earlier first', () => {
  const first = press(busyModel(120, 40), 'm');
  assert.match(first.hint?.text ?? '', /^marked: /);
  assert.match(press(first, 'm').hint?.text ?? '', /^this very moment is marked/);
  const later = play(first, [instanceAt(70_001, busyShop(70)), ...keys('m')]).model;
  assert.ok(later.overlay.kind === 'difference');
  assert.match(frameText(view(later)), /What differs: .*, 10s/);
  assert.equal(press(later, 'escape').mark, null);
  const back = press(first, '[', '[', '[', 'm');
  assert.ok(back.overlay.kind === 'difference');
  assert.ok(back.overlay.from.shown.at < back.overlay.to.shown.at);
});

test('the dialog can be gone through to its last worker', () => {
  const model = play(press(busyModel(80, 10), 'm'), [
    instanceAt(70_001, busyShop(70)),
    ...keys('m', 'end'),
  ]).model;
  assert.match(frameText(view(model)), / {2}12 /);
});
