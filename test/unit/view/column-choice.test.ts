import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SORT_KEYS } from '../../../top/model/sort-keys.js';
import { readSort } from '../../../top/model/sort-choice.js';
import { COLUMN_NAMES, readColumns, specsOf } from '../../../top/model/column-choice.js';
import { view } from '../../../top/view/view.js';
import { withTable } from '../../../top/model/table-state.js';
import { busyModel } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';

test('columns come in the order in which they are named', () => {
  const read = readColumns('rss, PID,wid');
  assert.ok(read.ok);
  assert.deepEqual(
    specsOf(read.value).map(({ id, fold }) => [id, fold]),
    [
      ['rss', 0],
      ['pid', 1],
      ['wid', 2],
    ],
  );
});

test('every column can be named alone', () => {
  for (const name of COLUMN_NAMES) assert.ok(readColumns(name).ok, name);
});

test('a column that is not known, or there twice, is refused in a sentence', () => {
  const unknown = readColumns('wid,rsss');
  assert.match(unknown.ok ? '' : unknown.error, /^"rsss" is no column, .*; did you mean rss\?$/);
  assert.match(JSON.stringify(readColumns('')), /\\"\\" is no column/);
  const twice = readColumns('wid,pid,wid');
  assert.equal(twice.ok ? '' : twice.error, '"wid" is there twice');
});

test('a sort key has its own direction, and with - the other', () => {
  for (const { id, descending } of SORT_KEYS) {
    assert.deepEqual(readSort(id), { ok: true, value: { by: id, descending } });
    assert.deepEqual(readSort(`-${id}`), { ok: true, value: { by: id, descending: !descending } });
  }
  const unknown = readSort('oldst');
  assert.match(unknown.ok ? '' : unknown.error, /^"oldst" is no column to sort by, there are wid/);
});

test('the full screen has the chosen columns; on a narrow one the last fold first', () => {
  const model = withTable(busyModel(80, 24), { columns: ['rss', 'wid', 'status'] });
  assert.match(frameText(view(model)), / RSS +▴?WID▴? +STATUS/);
  const narrow = withTable(busyModel(40, 24), { columns: ['wid', 'rss', 'oldest', 'req', 'heap'] });
  const text = frameText(view(narrow));
  assert.match(text, /WID.*RSS.*REQ/);
  assert.doesNotMatch(text, /HEAP/);
});
