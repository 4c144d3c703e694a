import assert from 'node:assert/strict';
import { closeSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openTallies, readTally, type Tallies } from '../../../server/master/tallies.js';
import { type Counters, createCounters } from '../../../server/worker/counters.js';
import { allocateMemory, FIELD, MAX_CORES, TALLY_BYTES } from '../../../server/worker/memory.js';
import { createTally } from '../../../server/worker/tally.js';
import { makeFolder } from '../../support/folder.js';

const GET = { method: 'GET', url: '/' };
const NOBODY = { peer: '', fd: -1 };

/** What a worker counts, into a page of its own. */
function worker({ fd }: Tallies, offset: number): Counters {
  const memory = allocateMemory(MAX_CORES);
  return createCounters(memory, 0, createTally(memory, fd === null ? null : { fd, offset }));
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

test('what a worker has counted at the end of a turn is read when it is gone', async (t) => {
  const tallies = open(t);
  const page = tallies.take();
  const counters = worker(tallies, page);
  for (let request = 0; request < 3; request++) {
    counters.end(counters.begin(GET, NOBODY, 10), 10, 12);
  }
  counters.begin(GET, NOBODY, 20);
  counters.add('tx', 5000);
  await turn();
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

test('it is written once in a turn, however much is counted in it', async (t) => {
  const tallies = open(t);
  const page = tallies.take();
  const counters = worker(tallies, page);
  counters.add('requests', 1);
  assert.equal(tallies.close(page), null, 'not before the end of the turn');
  await turn();
  counters.add('requests', 1);
  counters.add('requests', 1);
  await turn();
  assert.equal(tallies.close(page)?.requests, 3);
});

test('workers have a page each, and one that was given back is taken again, empty', async (t) => {
  const tallies = open(t);
  const [first, second] = [tallies.take(), tallies.take()];
  worker(tallies, first).add('requests', 1);
  worker(tallies, second).add('requests', 2);
  await turn();
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

test('without a folder for it a worker counts on, and nothing is read', async (t) => {
  const tallies = openTallies(path.join(makeFolder(t, {}), 'missing'));
  assert.equal(tallies.fd, null);
  const counters = worker(tallies, tallies.take());
  counters.add('requests', 1);
  await turn();
  assert.equal(tallies.close(0), null);
});

test('a worker whose page cannot be written counts on', async () => {
  const memory = allocateMemory(1);
  const counters = createCounters(memory, 0, createTally(memory, { fd: 1_000_000, offset: 0 }));
  counters.add('requests', 1);
  await turn();
  counters.add('requests', 1);
  assert.equal(memory.fields[FIELD.requests], 2);
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
