import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { neverReads, readsByteByByte, startWatchedServer, watch } from '../support/watchers.js';

/** `npm run bench` has the figures of a thousand; here it is about who is disconnected, and bytes. */
const WATCHERS = 200;

test('watchers are not disconnected for the fault of one that does not read, and get small deltas', async () => {
  await using server = await startWatchedServer(64);
  const bad = [await neverReads(server.port), await readsByteByByte(server.port)];
  using watchers = await watch(server.port, WATCHERS);
  const { clients } = await server.figures();
  assert.equal(clients, WATCHERS + bad.length);
  await eventually('five ticks for every watcher', () => watchers.fewest() >= 5, 60_000);
  assert.deepEqual(watchers.lost, []);
  const largest = Math.max(...watchers.sizes);
  assert.ok(largest < 2048, `a delta of ${largest} bytes`);
  assert.equal((await server.figures()).clients, WATCHERS + bad.length);
  for (const socket of bad) {
    assert.equal(socket.destroyed, false);
    socket.destroy();
  }
});
