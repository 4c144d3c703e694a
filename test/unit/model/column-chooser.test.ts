import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shownColumns } from '../../../top/model/column-chooser.js';
import { specsOf } from '../../../top/model/column-choice.js';
import { COLUMN_SPECS } from '../../../top/model/column-specs.js';
import { columnWindow } from '../../../top/model/column-window.js';
import { initialModel } from '../../../top/model/initial.js';
import { type Model } from '../../../top/model/model.js';
import { view } from '../../../top/view/view.js';
import { busyModel, keys, play, start } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';

const after = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;
const placed = (model: Model): string[] =>
  columnWindow(model).placed.map(({ column }) => column.id);
const titles = (model: Model): string =>
  frameText(view(model))
    .split('\n')
    .find((line) => line.includes('WID')) ?? '';
const ALL = COLUMN_SPECS.map(({ id }) => id);

const withColumns = (columns: string): Model =>
  initialModel({
    ...{ address: 'localhost:9191', intervalMs: 1000, ascii: false, width: 80, height: 24 },
    columns,
  });

test('c and F4 list all columns, Space hides and shows one, Esc closes', () => {
  for (const key of ['c', 'f4']) {
    const open = after(start(), key, 'down', 'down', 'space');
    assert.deepEqual(
      shownColumns(open),
      ALL.filter((id) => id !== 'pid'),
    );
    assert.equal(after(open, 'escape').overlay.kind, 'none');
    assert.equal(after(open, key).overlay.kind, 'none');
    assert.equal(after(open, 'space').table.columns, null, 'all of them again');
  }
});

test('left and right carry a column along, and the choice with it', () => {
  const moved = after(start(), 'c', 'down', 'left');
  assert.deepEqual(shownColumns(moved).slice(0, 3), ['status', 'wid', 'pid']);
  assert.deepEqual(shownColumns(after(moved, 'right', 'right')).slice(0, 3), [
    'wid',
    'pid',
    'status',
  ]);
  assert.equal(after(moved, 'left', 'right').table.columns, null);
  assert.equal(after(moved, 'd').table.columns, null);
});

test('the last column that is shown cannot be hidden', () => {
  const one = withColumns('rss');
  const kept = after(one, 'c', 'space');
  assert.deepEqual(shownColumns(kept), ['rss']);
  assert.match(kept.hint?.text ?? '', /^a table needs a column/);
});

test('what --columns named is what the chooser shows first', () => {
  const model = after(withColumns('rss,wid'), 'c');
  assert.ok(model.overlay.kind === 'columns');
  assert.deepEqual(model.overlay.order.slice(0, 3), ['rss', 'wid', 'status']);
});

test('whoever only leaves columns out keeps the others folding by what matters', () => {
  const model = after(busyModel(80, 24), 'c', 'down', 'down', 'space', 'escape');
  assert.ok(placed(model).includes('hc') && placed(model).includes('queue'));
  assert.deepEqual(
    specsOf(['rss', 'wid']).map(({ fold }) => fold),
    [0, 1],
  );
});

test('right goes over the columns to the last one, the first stays, and signs say where more are', () => {
  const model = after(busyModel(80, 24), '2');
  assert.match(titles(model), /^ {2}▴WID .*›$/);
  const once = after(model, 'right');
  assert.deepEqual(placed(once).slice(0, 3), ['wid', 'pid', 'share']);
  assert.match(titles(once), /^‹ .*›$/);
  const end = after(model, ...Array<string>(40).fill('right'));
  assert.equal(placed(end)[0], 'wid');
  assert.equal(placed(end).at(-1), 'oldest');
  assert.match(titles(end), /^‹ .*OLDEST REQUEST$/);
  assert.notDeepEqual(placed(after(end, 'left')), placed(end));
  assert.deepEqual(placed(after(end, ...Array<string>(40).fill('left'))), placed(model));
});

test('whatever is chosen and wherever the window is, the columns fit and the first is there', () => {
  fc.assert(
    fc.property(
      fc
        .subarray([...ALL], { minLength: 1 })
        .chain((ids) => fc.shuffledSubarray(ids, { minLength: 1 })),
      fc.integer({ min: 26, max: 260 }),
      fc.nat(30),
      (columns, width, left) => {
        const model = start(width, 24);
        const { placed: seen, gap } = columnWindow({
          width,
          table: { ...model.table, columns, left },
        });
        const [first] = seen;
        assert.ok(first !== undefined);
        const never = seen.filter(({ column }) => column.fold === 0);
        const used = (list: typeof seen): number =>
          list.reduce((sum, column) => sum + column.width + gap, 2 - gap);
        assert.ok(used(seen) <= width || seen.length === never.length);
        if (left > 0) assert.equal(first.column.id, columns[0]);
      },
    ),
  );
});

test('the list of columns looks as a list with signs, and says what each means', () => {
  const text = frameText(view(after(busyModel(80, 40), 'c', 'down', 'space')));
  assert.match(text, /\[x\] WID +the number of the worker/);
  assert.match(text, /▶ \[ \] STATUS +what it is doing/);
  assert.match(text, /Space shows or hides +← → moves +d default +Esc closes/);
});
