import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DecodedInstance } from '../../../shared/stats.js';
import type { Message } from '../../../top/model/message.js';
import type { Model } from '../../../top/model/model.js';
import { geometry } from '../../../top/model/geometry.js';
import { SORT_KEYS } from '../../../top/model/sort-keys.js';
import {
  selectionState,
  tableLines,
  visibleRows,
  withTable,
} from '../../../top/model/table-state.js';
import { busyModel, instanceAt, keys, play, start, tick } from '../../support/dashboard.js';
import { busyCore, instance, NOW, worker } from '../../support/stats-builder.js';
import { uwsgiInstance } from '../../support/uwsgi-documents.js';

const three = (): DecodedInstance =>
  instance([
    worker(1, { rss: 300, requests: 5 }),
    worker(2, { rss: 100, requests: 9 }),
    worker(3, { rss: 200, requests: 7, status: 'busy' }),
  ]);

const shown = (document: DecodedInstance, width = 80, height = 24): Model =>
  play(start(width, height), [tick(1), instanceAt(1, document)]).model;

const ids = (model: Model): number[] => visibleRows(model).map((row) => row.worker.id);
const marked = (model: Model): number | undefined => model.table.selection?.identity.worker;
const after = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;

test('nothing is marked until a key marks it', () => {
  assert.equal(marked(shown(three())), undefined);
  assert.equal(marked(after(shown(three()), 'down')), 1);
  assert.equal(marked(after(shown(three()), 'up')), 3);
});

test('arrows, letters, pages, Home and End move the mark and stop at the ends', () => {
  const model = after(shown(three()), 'down');
  assert.equal(marked(after(model, 'down')), 2);
  assert.equal(marked(after(model, 'j', 'j', 'j', 'j')), 3);
  assert.equal(marked(after(model, 'j', 'k', 'k')), 1);
  assert.equal(marked(after(model, 'end')), 3);
  assert.equal(marked(after(model, 'G', 'g')), 1);
  assert.equal(marked(after(model, 'pagedown')), 3);
  assert.equal(marked(after(model, 'end', 'pageup')), 1);
});

test('the table sorts by any column, biggest first where that is what one looks for', () => {
  const sortBy = (id: string): number[] => {
    const key = SORT_KEYS.find((entry) => entry.id === id);
    assert.ok(key !== undefined);
    return ids(withTable(shown(three()), { sort: { by: key.id, descending: key.descending } }));
  };
  assert.deepEqual(sortBy('rss'), [1, 3, 2]);
  assert.deepEqual(sortBy('req'), [2, 3, 1]);
  assert.deepEqual(sortBy('status'), [3, 1, 2]);
  assert.deepEqual(sortBy('wid'), [1, 2, 3]);
});

test('I reverses the order and leaves unknown values last', () => {
  const model = shown(
    instance([worker(1, { cpu: null }), worker(2, { cpu: 5 }), worker(3, { cpu: 9 })]),
  );
  const sorted = withTable(model, { sort: { by: 'cpu', descending: true } });
  assert.deepEqual(ids(sorted), [3, 2, 1]);
  assert.deepEqual(ids(after(sorted, 'I')), [2, 3, 1]);
});

test('the sort menu sets a column with Enter, and reverses it when chosen again', () => {
  const byMemory = after(
    shown(three()),
    'f6',
    ...Array.from({ length: SORT_KEYS.findIndex(({ id }) => id === 'rss') }, () => 'down'),
    'enter',
  );
  assert.deepEqual(byMemory.table.sort, { by: 'rss', descending: true });
  assert.equal(byMemory.overlay.kind, 'none');
  assert.deepEqual(after(byMemory, 's', 'enter').table.sort, { by: 'rss', descending: false });
  assert.deepEqual(after(byMemory, 's', 'down', 'escape').table.sort, byMemory.table.sort);
});

test('the filter finds ids, pids, states, URIs in flight and the last exit', () => {
  const last_exit = { pid: 7, code: null, signal: 'SIGSEGV', reason: 'crash', at: NOW, stderr: [] };
  const model = shown(
    instance([
      worker(1, { pid: 4711, last_exit }),
      worker(2, { status: 'busy', cores: [busyCore(0, 'GET', '/Slow?s=3', 1)] }),
    ]),
  );
  const found = (text: string): number[] =>
    ids(withTable(model, { filter: { text, editing: false } }));
  assert.deepEqual(found('4711'), [1]);
  assert.deepEqual(found('busy'), [2]);
  assert.deepEqual(found('/slow'), [2]);
  assert.deepEqual(found('get /slow'), [2]);
  assert.deepEqual(found('segv crash'), [1]);
  assert.deepEqual(found('nothing'), []);
  assert.deepEqual(found(''), [1, 2]);
});

test('a filter hides the marked worker without moving the mark', () => {
  const model = after(shown(three()), 'down', '/', 'b', 'u', 's', 'y', 'enter');
  assert.deepEqual(ids(model), [3]);
  assert.equal(selectionState(model), 'hidden');
  assert.equal(selectionState(after(model, 'escape')), 'shown');
  assert.equal(marked(after(model, 'escape')), 1);
});

test('the mark stays on its process through a re-sort', () => {
  const model = after(shown(three()), 'down', 'down', 'I');
  assert.deepEqual(ids(model), [3, 2, 1]);
  assert.equal(marked(model), 2);
});

test('when the marked process is replaced the mark is gone, not on its successor', () => {
  const model = after(shown(three()), 'down', 'down');
  const respawned = instance([worker(1), worker(2, { pid: 999, last_spawn: NOW }), worker(3)]);
  const { model: next } = play(model, [instanceAt(1001, respawned)]);
  assert.equal(selectionState(next), 'gone');
  assert.deepEqual(next.table.selection?.identity.pid, 21_410);
  assert.equal(marked(after(next, 'down')), 2);
  assert.equal(after(next, 'down').table.selection?.identity.pid, 999);
  assert.equal(marked(after(next, 'up')), 1);
});

test('after the marked worker vanished, down marks the row that took its place', () => {
  const model = after(shown(three()), 'down', 'down');
  const { model: next } = play(model, [instanceAt(1001, instance([worker(1), worker(3)]))]);
  assert.equal(marked(after(next, 'down')), 3);
  const { model: none } = play(model, [instanceAt(1001, instance([]))]);
  assert.equal(marked(after(none, 'down', 'up', 'end')), 2);
});

test('the never spawned workers of a uWSGI, equal in everything, can all be walked through', () => {
  let model = shown(uwsgiInstance());
  const seen: string[] = [];
  for (let turn = 0; turn < 6; turn++) {
    model = after(model, 'down');
    const identity = model.table.selection?.identity;
    seen.push(`${identity?.worker ?? -1}.${identity?.nth ?? -1}`);
  }
  assert.deepEqual(seen, ['1.0', '2.0', '3.0', '0.0', '0.1', '0.1']);
});

test('the window follows the mark and never leaves the table', () => {
  const many = instance(Array.from({ length: 100 }, (_, index) => worker(index + 1)));
  const { rows } = geometry(80, 24);
  const bottom = after(shown(many), 'end');
  assert.equal(bottom.table.top, 100 - rows);
  assert.equal(after(bottom, 'up').table.top, 100 - rows);
  assert.equal(after(bottom, 'home').table.top, 0);
  const { model: fewer } = play(bottom, [instanceAt(1001, three())]);
  assert.equal(fewer.table.top, 0);
  const { model: small } = play(bottom, [{ type: 'resize', width: 40, height: 10 }]);
  assert.equal(small.table.top, 95);
});

test('requests in flight stand under their worker and count as lines', () => {
  const model = after(busyModel(80, 24), 'a');
  const lines = tableLines(visibleRows(model), true);
  assert.deepEqual(
    lines.slice(0, 4).map((line) => `${line.kind} ${line.row.worker.id}`),
    ['worker 1', 'request 1', 'request 1', 'worker 2'],
  );
  assert.equal(tableLines(visibleRows(model), false).length, 12);
});

const anyWorker = fc.record({
  id: fc.integer({ min: 0, max: 6 }),
  pid: fc.constantFrom(0, 11, 12, 13, 14),
  last_spawn: fc.constantFrom(0, 1, 2),
  status: fc.constantFrom('idle', 'busy', 'cheap', 'sig9'),
  rss: fc.nat(),
  requests: fc.nat(),
});

const notAKeyThatMoves = fc.oneof(
  fc
    .array(anyWorker, { maxLength: 8 })
    .chain((workers) =>
      fc
        .integer({ min: 1, max: 100_000 })
        .map((at): Message => instanceAt(at, { workers, pid: 1 })),
    ),
  fc.constantFrom<Message[]>(
    ...keys('I', 'a', 'f', '+', '-', 'escape', 'q', 'f6', 'enter', '/', 'backspace', '9'),
    { type: 'resize', width: 40, height: 10 },
    { type: 'resize', width: 120, height: 40 },
    { type: 'paste', at: 1, text: 'j\u001b[Bdown' },
    tick(5000),
  ),
);

/** A whole visit to the sort menu, from wherever the keys land. */
const anotherSort = fc
  .nat(SORT_KEYS.length)
  .map((steps) => keys('f6', 'home', ...Array.from({ length: steps }, () => 'down'), 'enter'));

const nothingThatMoves = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: notAKeyThatMoves.map((message) => [message]) },
      { weight: 1, arbitrary: anotherSort },
    ),
    { minLength: 50, maxLength: 50 },
  )
  .map((turns) => turns.flat());

test('no document, sort, filter, size or paste ever moves the mark: 10,000 tries', () => {
  const model = after(shown(three()), 'down', 'down');
  const before = model.table.selection?.identity;
  fc.assert(
    fc.property(nothingThatMoves, (messages) => {
      assert.deepEqual(play(model, messages).model.table.selection?.identity, before);
    }),
    { numRuns: 200 },
  );
});
