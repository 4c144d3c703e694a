import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addCollection, watchCollections } from '../../../server/worker/collections.js';
import {
  collectionsOf,
  INSIDE_FIELDS,
  readInside,
  watchInside,
} from '../../../server/worker/inside.js';
import { GC_FIELDS, isInside, MAX_SPACES } from '../../../server/wire/inside-frames.js';
import { createNews } from '../../../server/worker/news.js';
import { allocateMemory } from '../../../server/worker/memory.js';
import { eventually } from '../../support/eventually.js';

const MB = 1024 * 1024;

function looked(): { inside: Float64Array; look: (now: number) => void } {
  const inside = new Float64Array(INSIDE_FIELDS);
  return { inside, look: watchInside(inside) };
}

describe('the inside of a worker', () => {
  test('is not known before its main thread has looked', () => {
    const { inside } = looked();
    assert.equal(readInside(inside), null);
  });

  test('tells of heap spaces, buffers, contexts and handles as V8 and Node do', () => {
    const held = Buffer.alloc(8 * MB, 1);
    const { inside, look } = looked();
    look(1234.4);
    const found = readInside(inside);
    assert.ok(found !== null && isInside(JSON.parse(JSON.stringify(found))));
    assert.equal(found.lookedAt, 1234);
    assert.ok(found.arrayBuffers >= held.length && found.external >= found.arrayBuffers);
    assert.ok(found.malloced > 0 && found.nativeContexts >= 1 && found.detachedContexts >= 0);
    assert.ok(found.handles !== null && found.activeRequests !== null);
    const old = found.spaces.find(([name]) => name === 'old_space');
    assert.ok(old !== undefined && old[1] > MB && old[2] >= old[1], String(old));
    assert.ok(
      found.spaces.every(([, , size]) => size > 0),
      'what takes nothing is left out',
    );
  });

  test('is looked at once a second, and its heap spaces every five', () => {
    const { inside, look } = looked();
    look(10);
    // What is written over shows when it is looked at again.
    inside.fill(0, INSIDE_FIELDS - 2 * MAX_SPACES);
    look(1009);
    assert.equal(readInside(inside)?.lookedAt, 10);
    look(1010);
    assert.equal(readInside(inside)?.lookedAt, 1010);
    assert.deepEqual(readInside(inside)?.spaces, []);
    look(5010);
    assert.notDeepEqual(readInside(inside)?.spaces, []);
  });

  test('counts what this process collects, from when it is asked to', async () => {
    const totals = new Float64Array(GC_FIELDS.length);
    const stop = watchCollections(totals);
    const garbage: number[][] = [];
    await eventually('a collection of the young generation', () => {
      garbage[0] = Array.from({ length: 200_000 }, (_, index) => index / 3);
      return (totals[0] ?? 0) > 0 && (totals[1] ?? 0) > 0;
    });
    stop();
  });

  test('counts collections by their kind, with their time', () => {
    const { inside, look } = looked();
    const totals = collectionsOf(inside);
    addCollection(totals, 1, 1.04);
    addCollection(totals, 2, 2);
    addCollection(totals, 4, 20.25);
    addCollection(totals, 8, 0.5);
    addCollection(totals, 16, 0.25);
    addCollection(totals, 1024, 99);
    addCollection(totals, NaN, 99);
    look(1);
    assert.deepEqual(readInside(inside)?.gc, [2, 3, 1, 20.3, 1, 0.5, 1, 0.3]);
  });

  test('is not known in what Node does not tell of', (t) => {
    t.mock.method(Reflect, 'get', () => undefined);
    const { inside, look } = looked();
    look(1);
    const { handles, activeRequests } = readInside(inside) ?? {};
    assert.deepEqual([handles, activeRequests], [null, null]);
  });

  test('is news when memory outside the heap has moved by a megabyte', () => {
    const memory = allocateMemory(1);
    const news = createNews(memory);
    news.told(false);
    memory.inside[1] = MB - 1;
    assert.equal(news.isQuiet(0), true);
    memory.inside[1] = MB;
    assert.equal(news.isQuiet(0), false);
  });
});

describe('what a worker says of its inside', () => {
  const said = {
    ...{ lookedAt: 1, external: 2, arrayBuffers: 3, malloced: 4, nativeContexts: 1 },
    ...{ detachedContexts: 0, handles: 5, activeRequests: null, gc: [0, 0, 0, 0, 0, 0, 0, 0] },
    spaces: [['old_space', 1, 2]],
  };

  test('is believed as it comes', () => {
    assert.equal(isInside(said), true);
  });

  for (const [what, wrong] of [
    ['no object', null],
    ['less than nothing', { ...said, external: -1 }],
    ['a figure too few', { ...said, malloced: undefined }],
    ['a text for a number', { ...said, handles: '5' }],
    ['too few kinds of collections', { ...said, gc: [0, 0] }],
    ['a space with a name that no label may have', { ...said, spaces: [['a"b', 1, 2]] }],
    ['a space without its size', { ...said, spaces: [['old_space', 1]] }],
    ['more spaces than V8 has', { ...said, spaces: Array(21).fill(['old_space', 1, 2]) }],
  ] as const) {
    test(`is not believed with ${what}`, () => {
      assert.equal(isInside(wrong), false);
    });
  }
});
