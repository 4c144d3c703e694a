import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { getHeapSnapshot } from 'node:v8';
import {
  MOST_CLASSES,
  type SnapshotClasses,
} from '../../../../shared/memory/snapshot/class-book.js';
import { readSnapshot } from '../../../../shared/memory/snapshot/read-snapshot.js';
import type { Result } from '../../../../shared/result.js';
import { smallSnapshot, type SmallNode } from '../../../support/small-snapshot.js';

const NODES: readonly SmallNode[] = [
  ['hidden', 'system / Map', 80],
  ['object', 'Leaked', 24],
  ['object', 'Katze 🐈 "ü"\n', 32],
  ['object', 'Leaked', 40],
  ['object', 'Empty', 0],
  ['native', 'Node / Thing', 0],
  ['array', '', 16],
  ['string', 'a value', 20],
  ['code', 'run', 100],
  ['closure', 'run', 64],
  ['regexp', '/x/', 56],
];

/** Reads a text in pieces of some bytes. */
function read(text: string | Buffer, pieces = Infinity): Result<SnapshotClasses, string> {
  const bytes = Buffer.from(text);
  const reader = readSnapshot();
  for (let at = 0; at < bytes.length; at += pieces) {
    const pushed = reader.push(bytes.subarray(at, at + pieces));
    if (!pushed.ok) return pushed;
  }
  return reader.end();
}

function classesOf(read: Result<SnapshotClasses, string>): SnapshotClasses {
  assert.ok(read.ok, read.ok ? '' : read.error);
  return read.value;
}

function errorOf(read: Result<SnapshotClasses, string>): string {
  assert.ok(!read.ok, 'it is no error');
  return read.error;
}

test('classes are named as Chrome names them, and what takes nothing is left out', () => {
  const { all, classes } = classesOf(read(smallSnapshot(NODES)));
  assert.deepEqual(Object.fromEntries(classes), {
    '(system)': { count: 1, size: 80 },
    Leaked: { count: 2, size: 64 },
    'Katze 🐈 "ü"\n': { count: 1, size: 32 },
    'Node / Thing': { count: 1, size: 0 },
    '(array)': { count: 1, size: 16 },
    '(string)': { count: 1, size: 20 },
    '(compiled code)': { count: 1, size: 100 },
    Function: { count: 1, size: 64 },
    RegExp: { count: 1, size: 56 },
  });
  assert.deepEqual(all, { count: 10, size: 432 });
});

test('the pieces in which a snapshot comes make no difference, wherever it is cut', () => {
  const text = smallSnapshot(NODES);
  const whole = classesOf(read(text));
  for (const size of [1, 2, 3, 7, 64]) assert.deepEqual(classesOf(read(text, size)), whole);
  const bytes = Buffer.from(text);
  for (let at = 1; at < bytes.length; at++) {
    const reader = readSnapshot();
    reader.push(bytes.subarray(0, at));
    reader.push(new Uint8Array());
    reader.push(bytes.subarray(at));
    assert.deepEqual(classesOf(reader.end()), whole, `cut at byte ${at}`);
  }
});

test('a snapshot that ends too early is none, wherever it ends', () => {
  const bytes = Buffer.from(smallSnapshot(NODES));
  for (let end = 0; end < bytes.length; end++) {
    assert.match(errorOf(read(bytes.subarray(0, end))), /\(at byte \d+\)$/, `${end} bytes of it`);
  }
});

test('a byte that is changed leads to an error or another tally, never to an exception', () => {
  const bytes = Buffer.from(smallSnapshot(NODES));
  for (let at = 0; at < bytes.length; at++) {
    for (const wrong of [0x00, 0x22, 0x2c, 0x39, 0x5c, 0x5d, 0x7d, 0xff]) {
      const changed = Buffer.from(bytes);
      changed[at] = wrong;
      assert.doesNotThrow(() => read(changed, 5), `byte ${at} is ${wrong}`);
    }
  }
});

test('what Node writes is read as a whole parser reads it', async () => {
  class Leaked {
    readonly text = 'x';
  }
  const kept = Array.from({ length: 321 }, () => new Leaked());
  const text = await buffer(getHeapSnapshot());
  const { all, classes } = classesOf(read(text, 65_536));
  assert.equal(classes.get('Leaked')?.count, kept.length);
  const { snapshot, nodes } = JSON.parse(text.toString()) as {
    snapshot: { meta: { node_fields: string[]; node_types: [string[]] } };
    nodes: number[];
  };
  const { node_fields: fields, node_types: types } = snapshot.meta;
  let size = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    size += nodes[at + fields.indexOf('self_size')] ?? 0;
  }
  assert.equal(all.size, size);
  assert.ok(types[0].includes('closure') && classes.has('Function'));
});

test('what does not fit together is told with its place', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /^it ends too early \(at byte 0\)$/],
    ['[]', /^there is no \{ here \(at byte 0\)$/],
    ['{}', /^something is missing here/],
    ['{"a b":1}', /^there is no name of a part here/],
    ['{"nodes":[]}', /^"nodes" come before "snapshot"/],
    ['{"snapshot":7}', /^"snapshot" has no "meta"/],
    ['{"snapshot":}', /^something is missing here/],
    ['{"snapshot":{"meta":{},"node_count":-1}}', /"node_count" is the number -1, not a number of/],
    [smallSnapshot(NODES, { nodeFields: ['type', 'name'] }), /^"node_fields" has not each of type/],
    [smallSnapshot(NODES, { nodeCount: 12 }), /^there are 11 nodes where "node_count" says 12/],
    [smallSnapshot(NODES, { edgeCount: 12 }), /^the nodes have 11 edges where .* says 12/],
    [smallSnapshot(NODES, { edges: '[]' }), /^there are 0 edges where "edge_count" says 11/],
    [smallSnapshot(NODES, { edges: '[1,2]' }), /^the last row of numbers is not whole/],
    [smallSnapshot(NODES, { nodes: '[1.5]' }), /^there is no whole number here/],
    [smallSnapshot(NODES, { nodes: '[-1]' }), /^there is no whole number here/],
    [smallSnapshot(NODES, { nodes: '[1 2]' }), /^there is no list of numbers here/],
    [smallSnapshot(NODES, { nodes: '[01]' }), /^a number begins with 0/],
    [smallSnapshot(NODES, { nodes: '[99999999999999999]' }), /^a number is too large/],
    [smallSnapshot(NODES, { nodes: '[8,0,1,1,0,0,0]' }), /^node 0 is of type 8, and there are 8/],
    [smallSnapshot(NODES, { strings: '["a","b"]' }), /^node \d+ has string \d+ for its name, and /],
    [smallSnapshot(NODES, { strings: '["a",3]' }), /^there is no string here/],
    [smallSnapshot(NODES, { strings: '["a","b","\\x"]' }), /^string 2 is not as JSON writes it/],
    [`${smallSnapshot(NODES)}{}`, /^something follows its end/],
    [smallSnapshot(NODES, { strings: '[],"nodes":[]' }), /^node \d+ has string/],
  ];
  for (const [text, expected] of cases) assert.match(errorOf(read(text, 11)), expected);
});

test('a part that comes twice, or is missing, is told', () => {
  const text = smallSnapshot([]);
  assert.match(errorOf(read(text.replace('"samples":', '"nodes":'))), /^"nodes" comes twice/);
  assert.match(errorOf(read(text.replace('"edges":', '"edgy":'))), /^it has no "edges"/);
  assert.match(errorOf(read('{"a":1,"b":[{}]}')), /^it has no "snapshot"/);
});

test('a name of any length is kept as its beginning, and does not break on an escape', () => {
  for (let lead = 790; lead < 805; lead++) {
    const name = `${'x'.repeat(lead)}\u0001"\\é`;
    const { classes } = classesOf(read(smallSnapshot([['object', name, 8]])));
    assert.deepEqual([...classes.keys()], ['x'.repeat(200)]);
  }
});

test('a file of nothing but classes is refused before it fills the memory', () => {
  const count = MOST_CLASSES + 1;
  const nodes = `[${Array.from({ length: count }, (_, index) => `3,${index},1,8,0,0,0`).join()}]`;
  const text = smallSnapshot([], { nodes, nodeCount: count });
  assert.match(errorOf(read(text)), /^there are more than 100000 classes/);
});

test('a head without an end is refused before it fills the memory', () => {
  assert.match(errorOf(read(`{"snapshot":{"a":"${'x'.repeat(70_000)}`)), /^it is too long/);
});
