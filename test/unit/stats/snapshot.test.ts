import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patch } from '../../../shared/delta.js';
import { deltaFrames, snapshotOf, snapshotSource } from '../../../server/stats/snapshot.js';
import { readFrames } from '../../support/read-frames.js';
import { smallDocument } from '../../support/small-document.js';

function messageIn(frame: Buffer): { type: string; seq: number; delta: unknown } {
  return JSON.parse(readFrames(frame)[0] ?? '') as { type: string; seq: number; delta: unknown };
}

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
  const deltas = deltaFrames();
  const frame = deltas(before, after, 7);
  assert.equal(deltas(before, after, 7), frame, 'who counts the same numbers gets the same bytes');
  const next = messageIn(deltas(before, after, 8));
  assert.equal(serialised, 2);
  const message = messageIn(frame);
  assert.deepEqual([message.type, message.seq, next.seq], ['delta', 7, 8]);
  assert.deepEqual(next.delta, message.delta);
  assert.deepEqual(patch(before.json(), message.delta), after.json());
});

test('a newer document replaces the delta that was kept', () => {
  const [one, two, three] = [1, 2, 3].map((time) => snapshotOf(smallDocument(0, time)));
  const deltas = deltaFrames();
  deltas(one!, two!, 2);
  assert.deepEqual(patch(one!.json(), messageIn(deltas(one!, three!, 2)).delta), three!.json());
});

test('the delta between a document and itself is null, without comparing', () => {
  const snapshot = snapshotOf(smallDocument(1));
  assert.equal(messageIn(deltaFrames()(snapshot, snapshot, 2)).delta, null);
});
