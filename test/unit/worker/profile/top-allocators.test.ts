import assert from 'node:assert/strict';
import type inspector from 'node:inspector';
import { test } from 'node:test';
import { allocators, describeTop } from '../../../../server/worker/profile/top-allocators.js';

type Node = inspector.HeapProfiler.SamplingHeapProfileNode;

function node(
  functionName: string,
  selfSize: number,
  children: Node[] = [],
  url = '/app.js',
): Node {
  const callFrame = { functionName, scriptId: '1', url, lineNumber: 4, columnNumber: 2 };
  return { callFrame, selfSize, children };
}

test('a function has all that it allocated by itself, whoever called it', () => {
  const tree = node('(root)', 0, [
    node('a', 10, [node('shared', 30)]),
    node('b', 0, [node('shared', 25, [], 'file:///app.js')]),
  ]);
  assert.deepEqual(allocators(tree), [
    { name: 'shared', place: '/app.js:5:3', bytes: 55 },
    { name: 'a', place: '/app.js:5:3', bytes: 10 },
  ]);
});

test('fifteen functions are named, a line each, and nothing in a name moves a terminal', () => {
  const many = Array.from({ length: 20 }, (_, index) => node(`f${index}`, 100 - index));
  const lines = describeTop({ head: node('', 0, many) }).split('\n');
  assert.equal(lines.length, 16);
  assert.equal(lines[0], 'about 1.8K allocated, most by');
  assert.equal(lines[1], '   100   5.5%  f0 (/app.js:5:3)');
  const hostile = describeTop({
    head: node('x\n\u001b[2J\u202e', 9, [], `/${'y'.repeat(999)}.js`),
  });
  assert.equal(hostile.split('\n').length, 2);
  assert.ok(!hostile.includes('\u001b') && !hostile.includes('\u202e'));
  assert.ok(hostile.length < 260 && hostile.endsWith('y.js:5:3)'), hostile);
});

test('a profile without a sample says so, and deep recursion overflows nothing', () => {
  assert.equal(describeTop({ head: node('(root)', 0) }), 'no allocation was sampled');
  let deep = node('leaf', 1);
  for (let depth = 0; depth < 20_000; depth++) deep = node('recurse', 1, [deep]);
  assert.equal(allocators(deep)[0]?.bytes, 20_000);
});
