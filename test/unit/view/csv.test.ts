import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readColumns, specsOf } from '../../../top/model/column-choice.js';
import { filled } from '../../../top/view/columns.js';
import { csvField, csvReport } from '../../../top/view/csv.js';
import { readingsOf } from '../../support/readings.js';
import { busyCore, instance, NOW, worker } from '../../support/stats-builder.js';

function columns(text: string) {
  const read = readColumns(text);
  assert.ok(read.ok);
  return filled(specsOf(read.value));
}

test('the header comes once, then a row for each worker and reading', () => {
  const write = csvReport({ columns: columns('wid,pid,rss') });
  const two = instance([worker(1), worker(2, { pid: 0, rss: 0 })]);
  const [first, second] = readingsOf(two, { ...two, time: NOW + 1 }).map(write);
  const time = new Date(NOW * 1000).toISOString();
  const mib = 1024 * 1024;
  assert.equal(first, `time,wid,pid,rss\n${time},1,21409,${111 * mib}\n${time},2,,\n`);
  const later = new Date((NOW + 1) * 1000).toISOString();
  assert.equal(second, `${later},1,21409,${111 * mib}\n${later},2,,\n`);
});

test('a rate that cannot be known yet is an empty field, never a zero', () => {
  const write = csvReport({ columns: columns('rps,req') });
  const readings = readingsOf(
    instance([worker(1, { requests: 10 })]),
    instance([worker(1, { requests: 60 })], { time: NOW + 1 }),
  );
  const rows = readings.map(write).join('').split('\n');
  assert.match(rows[1] ?? '', /Z,,10$/);
  assert.match(rows[2] ?? '', /Z,50,60$/);
});

test('rows are sorted as asked', () => {
  const write = csvReport({
    columns: columns('wid'),
    sort: { by: 'rss', descending: true },
  });
  const [reading] = readingsOf(instance([worker(1), worker(2), worker(3)]));
  assert.ok(reading);
  assert.deepEqual(write(reading).match(/\d$/gm), ['3', '2', '1']);
});

test('what a client asked for is quoted, and never run by a spreadsheet', () => {
  const write = csvReport({ columns: columns('oldest') });
  const evil = busyCore(0, '=HYPERLINK("http://x")', '/a,b', 1);
  const [reading] = readingsOf(instance([worker(1, { cores: [evil] })]));
  assert.ok(reading);
  assert.match(write(reading), /Z,"'=HYPERLINK\(""http:\/\/x""\) \/a,b"\n$/);
  for (const start of ['=', '+', '-', '@', '\t', '\r']) {
    assert.match(csvField(`${start}cmd|' /C calc'!A0`), /^"?'/);
  }
  assert.equal(csvField('-3.5'), '-3.5');
});

test('every field comes back from a reader of RFC 4180', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const field = csvField(text);
      const read = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
      assert.ok(read === text || read === `'${text}`);
      if (!field.startsWith('"')) assert.doesNotMatch(field, /[",\r\n]/);
    }),
  );
});
