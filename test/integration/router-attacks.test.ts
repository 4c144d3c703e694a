import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import {
  nothingLeft,
  normalP99,
  openFiles,
  type OrdinaryClient,
  staysQuick,
} from '../support/attacked.js';
import { eventually } from '../support/eventually.js';
import { get } from '../support/http.js';
import { APPS, startServer } from '../support/server.js';
import { startSlowClients } from '../support/slow-clients.js';

const ATTACKERS = 500;

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
  await normalP99(ordinary(port));
  return { server, port, descriptors: () => pids.map(openFiles) };
}

function ordinary(port: number): () => OrdinaryClient {
  return () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    return {
      ask: async () => (await get(`http://127.0.0.1:${port}/5`, agent)).status,
      close: () => {
        agent.destroy();
      },
    };
  };
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
    await staysQuick(t, ordinary(port));
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
    await staysQuick(t, ordinary(port));
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
    await staysQuick(t, ordinary(port));
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
