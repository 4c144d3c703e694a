import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { get } from '../support/http.js';
import { APPS, startServer } from '../support/server.js';
import { startSlowClients } from '../support/slow-clients.js';

const ATTACKERS = 500;
const CLIENTS = 4;
/** Of so many requests the slowest but one in a hundred is looked at. */
const REQUESTS = 200;
const MOST_MS = 100;

/** More than the kernel holds of an answer for a client that does not read. */
const LARGE = 16 * 1024 * 1024;

async function router(t: TestContext, ...args: string[]) {
  const server = startServer(t, [
    ...['--http', '127.0.0.1:0', '--module', path.join(APPS, 'transfers.mjs'), '-p', '2'],
    // A client that finds the kernel's queue full tries again for a minute.
    ...['--disable-logging', '--listen', '1024', ...args],
  ]);
  await server.until('a router', ({ routers }) => routers[0]?.state === 'ready');
  const { workers, routers } = await server.ready();
  const port = await server.port();
  const pids = [...workers, ...routers].map(({ pid }) => pid);
  // What is opened once and kept, such as connections to workers, is there before.
  await normalP99(port);
  return { server, port, descriptors: () => pids.map(openFiles) };
}

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Milliseconds that 99 of 100 requests of ordinary clients stay below. */
async function normalP99(port: number): Promise<number> {
  const times: number[] = [];
  const client = async (): Promise<void> => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let each = 0; each < REQUESTS / CLIENTS; each++) {
      const begin = performance.now();
      const { status } = await get(`http://127.0.0.1:${port}/5`, agent);
      assert.equal(status, 200);
      times.push(performance.now() - begin);
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99) - 1] ?? NaN;
}

/** Other work on the machine passes; what an attack costs would stay. */
async function staysQuick(t: TestContext, port: number): Promise<void> {
  const p99 = await eventually('quick answers to ordinary clients', async () => {
    const measured = await normalP99(port);
    if (measured >= MOST_MS) throw new Error(`p99 of ${measured.toFixed(0)} ms`);
    return measured;
  });
  t.diagnostic(`p99 of ordinary requests beside ${ATTACKERS} attackers: ${p99.toFixed(1)} ms`);
}

describe(`beside ${ATTACKERS} connections that do nothing but last`, () => {
  test('heads that never end are cut off, and ordinary clients are served quickly', async (t) => {
    const { server, port, descriptors } = await router(t, '--http-headers-timeout', '8');
    const before = descriptors();
    const attackers = await startSlowClients(t, port, ATTACKERS, {
      first: 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ',
      then: 'a',
    });
    await server.until('the attackers', ({ routers }) => {
      return (routers[0]?.connections ?? 0) >= ATTACKERS;
    });
    await staysQuick(t, port);
    await eventually('the end of all of them', () => attackers.open() === 0);
    assert.match(attackers.lastWords(), /^HTTP\/1\.1 408 /);
    await nothingLeft(server, descriptors, before);
  });

  test('bodies that never end keep nobody else waiting, and leave nothing behind', async (t) => {
    const { server, port, descriptors } = await router(t);
    const before = descriptors();
    const attackers = await startSlowClients(t, port, ATTACKERS, {
      first: 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n',
      then: 'a',
    });
    await server.until('the attackers', ({ routers }) => {
      return (routers[0]?.in_flight ?? 0) >= ATTACKERS;
    });
    await staysQuick(t, port);
    assert.equal(attackers.open(), ATTACKERS, 'who makes progress is not cut off');
    attackers.stop();
    await nothingLeft(server, descriptors, before);
  });

  test('answers that nobody reads keep nobody else waiting, and leave nothing behind', async (t) => {
    const { server, port, descriptors } = await router(t);
    const before = descriptors();
    const attackers = await startSlowClients(t, port, ATTACKERS, {
      first: `GET /${LARGE} HTTP/1.1\r\nHost: a\r\n\r\n`,
      then: '',
    });
    await server.until('the attackers', ({ routers }) => {
      return (routers[0]?.in_flight ?? 0) >= ATTACKERS;
    });
    await staysQuick(t, port);
    attackers.stop();
    await nothingLeft(server, descriptors, before);
  });

  test('answers that nobody reads are given up in the time that the router waits', async (t) => {
    const { server, port, descriptors } = await router(t, '--http-timeout', '1');
    const before = descriptors();
    await startSlowClients(t, port, ATTACKERS, {
      first: `GET /${LARGE} HTTP/1.1\r\nHost: a\r\n\r\n`,
      then: '',
    });
    await nothingLeft(server, descriptors, before);
  });
});

async function nothingLeft(
  server: Awaited<ReturnType<typeof router>>['server'],
  descriptors: () => number[],
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
