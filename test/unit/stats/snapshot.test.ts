import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patch } from '../../../shared/delta.js';
import { deltaTexts, snapshotOf, snapshotSource } from '../../../server/stats/snapshot.js';
import { smallDocument } from '../../support/small-document.js';

test('every form of a snapshot is made once and shared', () => {
  const snapshot = snapshotOf(smallDocument(1));
  assert.equal(snapshot.bytes(), snapshot.bytes());
  assert.equal(snapshot.json(), snapshot.json());
  assert.equal(snapshot.message(1), snapshot.message(1));
});

test('readers get it with tabs, as from uWSGI, or in one line; the stream is always in one line', () => {
  const document = smallDocument(1);
  const indented = snapshotOf(document);
  assert.match(indented.bytes().toString(), /^\{\n\t"version": "9.9.9",\n/);
  assert.deepEqual(JSON.parse(indented.bytes().toString()), document);
  const minified = snapshotOf(document, 'minified');
  assert.equal(minified.bytes().toString(), JSON.stringify(document));
  for (const snapshot of [indented, minified]) {
    assert.equal(snapshot.text(), JSON.stringify(document));
  }
});

test('half a surrogate pair becomes a character, and nothing else is touched', () => {
  const names: readonly [name: string, shown: string][] = [
    ['cut \ud83d', 'cut \ufffd'],
    ['\udc08 cut', '\ufffd cut'],
    ['whole 🐈', 'whole 🐈'],
    ['a backslash \\ud83d', 'a backslash \\ud83d'],
    ['both \\\ud83d', 'both \\\ufffd'],
    ['quoted "\ud83d"', 'quoted "\ufffd"'],
  ];
  for (const [name, shown] of names) {
    for (const layout of ['indented', 'minified'] as const) {
      const text = snapshotOf({ ...smallDocument(0), name }, layout)
        .bytes()
        .toString();
      const read = JSON.parse(text) as { name: string };
      assert.equal(read.name, shown);
    }
  }
});

test('the message carries its number and the whole document', () => {
  const document = smallDocument(2);
  const message: unknown = JSON.parse(snapshotOf(document).message(7).toString());
  assert.deepEqual(message, { type: 'snapshot', seq: 7, stats: document });
});

test('text outside ASCII leaves as valid UTF-8', () => {
  const document = { ...smallDocument(0), name: 'Kätzchen 🐈' };
  assert.deepEqual(JSON.parse(snapshotOf(document).bytes().toString('utf8')), document);
});

test('the source keeps a snapshot for as long as the document is the same object', () => {
  let document = smallDocument(1);
  const newest = snapshotSource(() => document);
  const first = newest();
  assert.equal(newest(), first);
  document = { ...document };
  assert.notEqual(newest(), first);
});

test('a delta is computed once for all clients that stand at the same document', () => {
  let serialised = 0;
  const counted = (time: number) => {
    const snapshot = snapshotOf(smallDocument(1, time));
    return { ...snapshot, json: () => (serialised++, snapshot.json()) };
  };
  const [before, after] = [counted(1), counted(2)];
  const deltas = deltaTexts();
  const text = deltas(before, after);
  assert.equal(deltas(before, after), text);
  assert.equal(serialised, 2);
  assert.deepEqual(patch(before.json(), JSON.parse(text)), after.json());
});

test('a newer document replaces the delta that was kept', () => {
  const [one, two, three] = [1, 2, 3].map((time) => snapshotOf(smallDocument(0, time)));
  const deltas = deltaTexts();
  deltas(one!, two!);
  assert.deepEqual(patch(one!.json(), JSON.parse(deltas(one!, three!))), three!.json());
});

test('the delta between a document and itself is null, without comparing', () => {
  const snapshot = snapshotOf(smallDocument(1));
  assert.equal(deltaTexts()(snapshot, snapshot), 'null');
});
