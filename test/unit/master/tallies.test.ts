import assert from 'node:assert/strict';
import { closeSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { openTallies, readTally, type Tallies } from '../../../server/master/tallies.js';
import { type Counters, createCounters } from '../../../server/worker/counters.js';
import { allocateMemory, FIELD, MAX_CORES, TALLY_BYTES } from '../../../server/worker/memory.js';
import { createTally, type Tally } from '../../../server/worker/tally.js';
import { makeFolder } from '../../support/folder.js';

const GET = { method: 'GET', url: '/' };
const NOBODY = { peer: '', fd: -1 };

/** What a worker counts, into a page of its own, until the test ends. */
function worker(t: TestContext, { fd }: Tallies, offset: number): Counters & Tally {
  const memory = allocateMemory(MAX_CORES);
  const tally = createTally(memory, fd === null ? null : { fd, offset });
  t.after(() => {
    tally.stop();
  });
  return { ...createCounters(memory, 0), ...tally };
}

/** A file of tallies in a folder, closed with the test: a master has its own until it ends. */
function open(t: TestContext, folder = makeFolder(t, {})): Tallies & { readonly fd: number } {
  const tallies = openTallies(folder);
  const { fd } = tallies;
  assert.ok(fd !== null);
  t.after(() => {
    closeSync(fd);
  });
  return { ...tallies, fd };
}

test('what a worker has counted is read when it is gone', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const tallies = open(t);
  const page = tallies.take();
  const counters = worker(t, tallies, page);
  for (let request = 0; request < 3; request++) {
    counters.end(counters.begin(GET, NOBODY, 10), 10, 12);
  }
  counters.begin(GET, NOBODY, 20);
  counters.add('tx', 5000);
  t.mock.timers.tick(5);
  const found = tallies.close(page);
  assert.ok(found !== null);
  const { requests, inFlight, tx, runningTime, cores, stalledMs } = found;
  assert.deepEqual([requests, inFlight, tx, runningTime, stalledMs], [3, 1, 5000, 6000, 0]);
  assert.deepEqual(cores, [3]);
  assert.deepEqual(
    found.buckets.map(([, count]) => count),
    [3],
  );
});

test('it is looked every 5 ms, after a second without anything new only at a beat', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const tallies = open(t);
  const page = tallies.take();
  const counters = worker(t, tallies, page);
  const counted = (): number | undefined => tallies.close(page)?.requests;
  counters.add('requests', 1);
  t.mock.timers.tick(4);
  assert.equal(counted(), undefined);
  t.mock.timers.tick(1);
  assert.equal(counted(), 1);
  for (let look = 0; look < 200; look++) t.mock.timers.tick(5);
  counters.add('requests', 1);
  for (let look = 0; look < 20; look++) t.mock.timers.tick(5);
  assert.equal(counted(), 1, 'it rests');
  counters.beat();
  assert.equal(counted(), 2);
  counters.add('requests', 1);
  t.mock.timers.tick(5);
  assert.equal(counted(), 3, 'it is followed again');
});

test('workers have a page each, and one that was given back is taken again, empty', (t) => {
  const tallies = open(t);
  const [first, second] = [tallies.take(), tallies.take()];
  t.mock.timers.enable({ apis: ['setTimeout'] });
  worker(t, tallies, first).add('requests', 1);
  worker(t, tallies, second).add('requests', 2);
  t.mock.timers.tick(5);
  assert.equal(tallies.close(second)?.requests, 2);
  assert.equal(tallies.take(), second);
  assert.equal(tallies.close(second), null);
  assert.equal(tallies.close(first)?.requests, 1);
});

test('the file has no name, so that nothing is left of it', (t) => {
  const folder = makeFolder(t, {});
  const { fd } = open(t, folder);
  assert.deepEqual(readdirSync(folder), []);
  assert.match(readlinkSync(`/proc/self/fd/${fd}`), /tsuwsgi-[-0-9a-f]+ \(deleted\)$/);
});

test('without a folder for it a worker counts on, and nothing is read', (t) => {
  const tallies = openTallies(path.join(makeFolder(t, {}), 'missing'));
  assert.equal(tallies.fd, null);
  const counters = worker(t, tallies, tallies.take());
  counters.add('requests', 1);
  counters.beat();
  assert.equal(tallies.close(0), null);
});

test('a worker whose page cannot be written counts on', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const counters = worker(t, { ...openTallies('/missing'), fd: 1_000_000 }, 0);
  for (let request = 1; request <= 3; request++) {
    counters.add('requests', 1);
    assert.doesNotThrow(() => {
      t.mock.timers.tick(5);
    });
  }
});

test('a page that no worker of ours wrote is no tally', (t) => {
  const tallies = open(t);
  const page = tallies.take();
  writeSync(tallies.fd, Buffer.alloc(4096, 0xff), 0, 4096, page);
  assert.equal(tallies.close(page), null);
  for (const cores of [0, -1, 0.5, MAX_CORES + 1, 1e300, NaN]) {
    const memory = allocateMemory(MAX_CORES);
    memory.fields[FIELD.cores] = cores;
    assert.equal(readTally(Buffer.from(memory.buffer)), null, String(cores));
  }
  const memory = allocateMemory(MAX_CORES);
  memory.fields[FIELD.cores] = 1;
  assert.equal(readTally(Buffer.from(memory.buffer))?.requests, 0);
  memory.fields[FIELD.requests] = -1;
  assert.equal(readTally(Buffer.from(memory.buffer)), null, 'less than nothing');
});

test('what is counted fits into one page, which is written as a whole or not at all', () => {
  assert.ok(TALLY_BYTES <= 4096);
});
