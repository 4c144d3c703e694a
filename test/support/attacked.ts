import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';
import type { TestServer } from './server.js';

/** How a router beside which there are attackers is judged. */

const CLIENTS = 4;
/** Of so many requests the slowest but one in a hundred is looked at. */
const REQUESTS = 200;
const MOST_MS = 100;

/** An ordinary client, which asks something small over a connection that it keeps. */
export interface OrdinaryClient {
  /** The status of the answer. */
  readonly ask: () => Promise<number>;
  readonly close: () => void;
}

/** Milliseconds that 99 of 100 requests of ordinary clients stay below. */
export async function normalP99(connect: () => OrdinaryClient): Promise<number> {
  const times: number[] = [];
  const run = async (): Promise<void> => {
    const client = connect();
    for (let each = 0; each < REQUESTS / CLIENTS; each++) {
      const begin = performance.now();
      assert.equal(await client.ask(), 200);
      times.push(performance.now() - begin);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, run));
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99) - 1] ?? NaN;
}

/** Other work on the machine passes; what an attack costs would stay. */
export async function staysQuick(t: TestContext, connect: () => OrdinaryClient): Promise<void> {
  const p99 = await eventually('quick answers to ordinary clients', async () => {
    const measured = await normalP99(connect);
    if (measured >= MOST_MS) throw new Error(`p99 of ${measured.toFixed(0)} ms`);
    return measured;
  });
  t.diagnostic(`p99 of ordinary requests beside the attackers: ${p99.toFixed(1)} ms`);
}

/** How many files a process has open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** No connection, no request, and as many open files as before. */
export async function nothingLeft(
  server: TestServer,
  descriptors: () => readonly number[],
  before: readonly number[],
): Promise<void> {
  await server.until('no connection and no request', ({ routers, workers }) => {
    const [only] = routers;
    const inWorkers = workers.reduce((sum, each) => sum + each.in_flight, 0);
    return only?.connections === 0 && only.in_flight === 0 && inWorkers === 0;
  });
  // Idle connections between router and workers are kept for a while, but not as many as there were.
  await eventually('the files that were open before', () => {
    const now = descriptors();
    if (now.every((count, index) => count <= (before[index] ?? 0) + 8)) return true;
    throw new Error(`open files: ${now.join(', ')}, before: ${before.join(', ')}`);
  });
}
