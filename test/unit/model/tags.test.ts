import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../../top/model/message.js';
import type { Model } from '../../../top/model/model.js';
import { sameRow } from '../../../top/model/rows.js';
import { SORT_KEYS } from '../../../top/model/sort-keys.js';
import { allRows, selectionState } from '../../../top/model/table-state.js';
import {
  client,
  instanceAt,
  key,
  keys,
  operate,
  play,
  start,
  tick,
  typed,
} from '../../support/dashboard.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';

const four = () =>
  instance([worker(1), worker(2), worker(3), worker(4, { pid: 0, status: 'cheap' })]);

const ready = (document = four()): Model =>
  play(start(), [tick(1), operate, instanceAt(1, document)]).model;

const after = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;
const tags = (model: Model): number[] => model.table.tags.map((tag) => tag.worker);
const sent = (model: Model, ...names: string[]) =>
  play(model, keys(...names)).effects.flatMap((effect) =>
    effect.type === 'command' ? [effect.command] : [],
  );
const identity = (id: number) => ({ worker: id, pid: 21_408 + id, spawned: NOW - 273_600 });

test('Space tags the marked worker and goes on to the next, once more takes the tag away', () => {
  const model = after(ready(), 'down', 'space', 'space');
  assert.deepEqual(tags(model), [1, 2]);
  assert.equal(model.table.selection?.identity.worker, 3);
  assert.deepEqual(tags(after(model, 'g', 'space')), [2]);
  assert.deepEqual(tags(after(model, 'U')), []);
});

test('a worker without a process has nothing to tag, and so has no mark', () => {
  assert.match(after(ready(), 'space').hint?.text ?? '', /^mark a worker first/);
  const cheap = after(ready(), 'end', 'space');
  assert.deepEqual(tags(cheap), []);
  assert.equal(cheap.hint?.text, 'no process runs as worker 4');
});

test('a tag is on a process: a respawned worker has none, the others keep theirs', () => {
  const model = after(ready(), 'down', 'space', 'space');
  const respawned = instance([worker(1, { pid: 9, last_spawn: NOW }), worker(2), worker(3)]);
  const next = play(model, [instanceAt(1001, respawned)]).model;
  assert.deepEqual(tags(next), [2]);
  // Nor does it come back when the old document does.
  assert.deepEqual(tags(play(next, [instanceAt(2001, four())]).model), [2]);
});

test('tags are the same on overview and workers', () => {
  const model = after(ready(), 'down', 'space', '2', 'space', '1');
  assert.deepEqual(tags(model), [1, 2]);
});

test('R and F9 act on the tagged workers, each by a command of its own', () => {
  const model = after(ready(), 'down', 'space', 'down', 'space', 'g');
  assert.deepEqual(sent(model, 'R', 'enter'), [], 'the default is to cancel');
  assert.deepEqual(sent(model, 'R', 'tab', 'enter'), [
    { name: 'reload-worker', ...identity(1) },
    { name: 'reload-worker', ...identity(3) },
  ]);
  assert.deepEqual(sent(model, 'f9', 'end', 'enter', 'tab', 'enter'), [
    { name: 'kill-worker', signal: 'KILL', ...identity(1) },
    { name: 'kill-worker', signal: 'KILL', ...identity(3) },
  ]);
});

test('what becomes of several commands stands in one place, a line each, until it is closed', () => {
  const model = after(ready(), 'down', 'space', 'space', 'R', 'tab', 'enter');
  assert.deepEqual(model.overlay, { kind: 'outcomes', ids: [1, 2], skipped: [] });
  for (const closing of ['escape', 'q', 'enter']) {
    assert.equal(after(model, closing).overlay.kind, 'none');
  }
});

test('a tagged process that was replaced while the question stood gets no command', () => {
  const asked = after(ready(), 'down', 'space', 'space', 'R', 'tab');
  const respawned = instance([worker(1, { pid: 9, last_spawn: NOW }), worker(2), worker(3)]);
  const { model, effects } = play(asked, [instanceAt(1001, respawned), key('enter')]);
  assert.deepEqual(effects, [
    { type: 'command', id: 1, command: { name: 'reload-worker', ...identity(2) } },
  ]);
  assert.deepEqual(model.overlay, {
    kind: 'outcomes',
    ids: [1],
    skipped: ['worker 1 (pid 21409) is gone: nothing was sent'],
  });
  const none = play(asked, [instanceAt(1001, instance([worker(4)])), key('enter')]);
  assert.deepEqual(none.effects, []);
  assert.match(none.model.hint?.text ?? '', /worker 1 .* is gone.* · worker 2 .* is gone/);
});

test('more workers than a server takes commands for are not asked about at all', () => {
  const many = ready(instance(Array.from({ length: 20 }, (_, index) => worker(index + 1))));
  const all = after(many, 'down', ...Array<string>(17).fill('space'), 'K');
  assert.equal(all.overlay.kind, 'none');
  assert.match(all.hint?.text ?? '', /^17 workers are tagged, the server takes 16 at once/);
  assert.equal(after(all, 'space', 'g', 'space', 'space', 'K').overlay.kind, 'signals');
});

test('the last worker that accepts is killed only after the word was typed', () => {
  const all = after(ready(), 'down', 'space', 'space', 'space', 'K', 'enter', 'tab');
  assert.deepEqual(sent(all, 'enter'), []);
  assert.match(after(all, 'enter').hint?.text ?? '', /last worker that accepts: type kill first/);
  assert.deepEqual(sent(all, ...typed('kil'), 'enter'), []);
  assert.deepEqual(sent(all, ...typed('kilk'), 'enter'), []);
  assert.deepEqual(sent(all, 'y', 'backspace', ...typed('kill'), 'enter').length, 3);
  // The word is text there, q and l too; only Esc closes.
  assert.equal(after(all, 'q').overlay.kind, 'confirm');
  assert.equal(after(all, ...typed('kill'), 'escape').overlay.kind, 'none');
  assert.deepEqual(play(all, [{ type: 'paste', at: 0, text: 'kill' }, key('enter')]).effects, []);
});

test('what starts the new process first needs no word, nor does a worker that accepts nothing', () => {
  const all = after(ready(), 'down', 'space', 'space', 'space');
  assert.equal(sent(all, 'R', 'tab', 'enter').length, 3);
  assert.equal(sent(all, 'K', 'down', 'enter', 'tab', 'enter').length, 3);
  const stuck = ready(instance([worker(1, { stalled_ms: 9000 }), worker(2)]));
  assert.equal(sent(stuck, 'down', 'K', 'enter', 'tab', 'enter').length, 1);
});

test('the word is asked for when the other workers went while the question stood', () => {
  const asked = after(ready(), 'down', 'K', 'enter', 'tab');
  const alone = play(asked, [instanceAt(1001, instance([worker(1)]))]).model;
  assert.deepEqual(sent(alone, 'enter'), []);
  assert.equal(sent(alone, ...typed('kill'), 'enter').length, 1);
});

const anyPool = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2 })), { maxLength: 6 })
  .map((pairs) =>
    instance(
      [...new Map(pairs)].map(([id, process]) =>
        worker(id, { pid: 100 * id + process, last_spawn: NOW + process, requests: process * 7 }),
      ),
    ),
  );

const gone = client({ type: 'disconnected', at: 9, message: 'ECONNRESET', retryInMs: 500 });

/** What must leave mark and tags alone, other than by the end of a process. */
const others: fc.Arbitrary<readonly Message[]> = fc.oneof(
  anyPool.map((pool) => [instanceAt(9, pool)]),
  fc.constant([gone]),
  fc.constantFrom(
    ...['I', 'a', '1', '2', '3', '5', '/', 'x', 'backspace', 'escape', 'tab', '+'].map((name) =>
      keys(name),
    ),
  ),
  fc
    .constantFrom('busy', 'wid=2', 'rss>1k', 'zebra')
    .map((text) => keys('/', ...typed(text), 'enter')),
  fc
    .nat(SORT_KEYS.length)
    .map((steps) => keys('1', 'f6', ...Array<string>(steps).fill('down'), 'enter')),
  fc
    .record({ width: fc.integer({ min: 1, max: 200 }), height: fc.integer({ min: 1, max: 60 }) })
    .map((size): Message[] => [{ type: 'resize', ...size }]),
);

test('nothing but Space, U and the end of a process changes tags or mark: 10,000 random steps', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: others },
      { weight: 1, arbitrary: fc.constantFrom(keys('down'), keys('up'), keys('space'), keys('U')) },
    ),
    { minLength: 50, maxLength: 50 },
  );
  fc.assert(
    fc.property(steps, (turns) => {
      let model = ready();
      for (const turn of turns) {
        const { model: next } = play(model, turn);
        const byHand = turn.some(
          (one) => one.type === 'key' && /^(down|up|space|U)$/.test(one.key),
        );
        const menu = turn.some((one) => one.type === 'key' && one.key === 'f6');
        if (!byHand || menu) {
          assert.deepEqual(next.table.selection?.identity, model.table.selection?.identity);
          const rows = allRows(next);
          const living = model.table.tags.filter((tag) =>
            rows.some((row) => sameRow(row.identity, tag)),
          );
          assert.deepEqual(next.table.tags, living);
        }
        for (const tag of next.table.tags) assert.notEqual(tag.pid, 0);
        if (selectionState(next) === 'none') assert.equal(next.table.selection, null);
        model = next;
      }
    }),
    { numRuns: 200 },
  );
});
