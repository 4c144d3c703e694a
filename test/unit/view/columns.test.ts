import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_RATES } from '../../../top/model/rates.js';
import { buildRows, type WorkerRow } from '../../../top/model/rows.js';
import { NO_WORKER_HISTORY } from '../../../top/model/worker-history.js';
import { SORT_KEYS } from '../../../top/model/sort-keys.js';
import { COLUMN_SPECS, placeColumns } from '../../../top/model/column-specs.js';
import { COLUMNS, rate } from '../../../top/view/columns.js';
import { glyphsFor } from '../../../top/view/glyphs.js';
import { busyCore, instance, NOW, worker } from '../../support/stats-builder.js';
import { uwsgiInstance } from '../../support/uwsgi-documents.js';

const glyphs = glyphsFor(false);

function rowOf(change: Parameters<typeof worker>[1] = {}, async = 16): WorkerRow {
  const document = instance([worker(1, change)], { async });
  const [row] = buildRows({
    instance: document,
    rates: NO_RATES,
    history: NO_WORKER_HISTORY,
    now: NOW,
  });
  assert.ok(row !== undefined);
  return row;
}

function cell(id: string, row: WorkerRow): string {
  const column = COLUMNS.find((entry) => entry.id === id);
  assert.ok(column !== undefined, id);
  const { text, style } = column.cell(row, glyphs);
  return `${style} ${text}`;
}

test('every column of uwsgitop is there, under its name', () => {
  const titles = COLUMNS.map(({ title }) => title);
  for (const name of 'WID,%,PID,REQ,RPS,EXC,SIG,STATUS,RSS,VSZ,TX,ReSpwn,HC,LastSpwn'.split(',')) {
    assert.ok(titles.includes(name), name);
  }
  assert.ok(titles.includes('AVG ms') && titles.includes('RunT s'));
});

test('every column but the drawn ones can be sorted by', () => {
  const sortable = new Set<string>(SORT_KEYS.map(({ id }) => id));
  const not = COLUMNS.filter(({ id }) => !sortable.has(id)).map(({ id }) => id);
  assert.deepEqual(not, ['spark', 'oldest']);
});

test('STATUS, WID, QUEUE and HC never fold, and what is kept fits', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.integer({ min: 1, max: 2 }), (width, gap) => {
      const placed = placeColumns(COLUMNS, width, gap);
      const ids = placed.map(({ column }) => column.id);
      for (const id of ['status', 'wid', 'queue', 'hc'] as const) assert.ok(ids.includes(id));
      const used = placed.reduce((sum, column) => sum + column.width + gap, -gap);
      const least = 4 + 9 + 5 + 4 + 3 * gap;
      assert.ok(used <= Math.max(width, least), `${used} of ${width}`);
      const order = COLUMNS.map(({ id }) => id).filter((id) => ids.includes(id));
      assert.deepEqual(ids, order);
    }),
  );
});

test('a wider terminal never loses a column', () => {
  for (let width = 0; width < 300; width++) {
    const narrow = placeColumns(COLUMNS, width, 1).map(({ column }) => column.id);
    const wide = placeColumns(COLUMNS, width + 1, 1).map(({ column }) => column.id);
    for (const id of narrow) assert.ok(wide.includes(id), `${id} at ${width + 1}`);
  }
});

test('titles fit their columns, and meanings the list of columns', () => {
  for (const { title, width } of COLUMNS) {
    assert.ok(title.length <= width, title);
  }
  for (const { meaning } of COLUMN_SPECS)
    assert.ok(meaning.length > 0 && meaning.length <= 56, meaning);
});

test('numbers: unknown is a dash, zero is dim, trouble stands out', () => {
  assert.equal(cell('queue', rowOf({ queue_depth: 3 })), 'attention 3');
  assert.equal(cell('queue', rowOf({ queue_depth: 0 })), 'dim 0');
  assert.equal(cell('queue', rowOf({ queue_depth: 3 }, 0)), 'dim –');
  assert.equal(cell('hc', rowOf({ harakiri_count: 2 })), 'attention 2');
  assert.equal(cell('loop', rowOf({ stalled_ms: 8412 })), 'alarm 8,412');
  assert.equal(cell('loop', rowOf({ stalled_ms: 20 })), 'normal 20');
  assert.equal(cell('rps', rowOf()), 'dim –');
  assert.equal(cell('cpu', rowOf({ cpu: null })), 'dim –');
  assert.equal(cell('rss', rowOf({ rss: 0 })), 'dim –');
  assert.equal(cell('pid', rowOf({ pid: 0 })), 'dim –');
  assert.equal(cell('avg', rowOf({ requests: 0, avg_rt: 0 })), 'dim –');
  assert.equal(cell('avg', rowOf({ avg_rt: 4200 })), 'normal 4.2');
});

test('states have glyph, word and style', () => {
  assert.equal(cell('status', rowOf({ status: 'busy' })), 'work ● busy');
  assert.equal(cell('status', rowOf({ stalled_ms: 4000 })), 'alarm ▲ stuck');
  assert.equal(cell('status', rowOf({ state: 'draining' })), 'notice ◐ drain');
  assert.equal(cell('status', rowOf({ status: 'sig17' })), 'notice ◆ sig17');
  assert.equal(cell('status', rowOf({ pid: 0 })), 'alarm ✕ dead');
});

test('the oldest request is named with its age', () => {
  const cores = [busyCore(0, 'GET', '/a', 1), busyCore(1, 'PUT', '/b', 42)];
  assert.equal(cell('oldest', rowOf({ cores })), 'dim 42s PUT /b');
});

test('big numbers stay inside their columns', () => {
  const row = rowOf({ requests: 12_345_678, running_time: 5e15, tx: 9e15, exceptions: 1e9 });
  assert.equal(cell('req', row), 'normal 12M');
  assert.equal(cell('exc', row), 'normal 1.0G');
  assert.equal(cell('req', rowOf({ requests: 1_234_567 })), 'normal 1,234,567');
});

test('a rate below ten keeps a decimal, so that a trickle is seen', () => {
  assert.deepEqual([0, 0.4, 9.94, 9.96, 1284, 99_999, 123_456].map(rate), [
    '0',
    '0.4',
    '9.9',
    '10',
    '1,284',
    '99,999',
    '123k',
  ]);
});

test('what a uWSGI does not know is unknown in every column', () => {
  const document = uwsgiInstance();
  const [row] = buildRows({
    instance: document,
    rates: NO_RATES,
    history: NO_WORKER_HISTORY,
    now: null,
  });
  assert.ok(row !== undefined);
  for (const id of ['queue', 'cpu', 'p99', 'loop', 'rps', 'spawned']) {
    assert.equal(cell(id, row), 'dim –', id);
  }
});
