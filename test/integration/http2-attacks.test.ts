import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import tls from 'node:tls';
import {
  normalP99,
  nothingLeft,
  openFiles,
  type OrdinaryClient,
  staysQuick,
} from '../support/attacked.js';
import { certificateProblem, makeAuthority } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { ask } from '../support/http2.js';
import { fieldBlock, FLAG, FRAME, frame, FrameClient } from '../support/http2-frames.js';
import { APPS, startServer } from '../support/server.js';

const ATTACKERS = 500;
/** Streams of one connection, where they are what is held. */
const STREAMS = 10;
/** How often each of them sends a little more. */
const TRICKLE_MS = 250;
/** More than is held anywhere of an answer for a client that gives no room for it. */
const LARGE = 16 * 1024 * 1024;

async function router(t: TestContext, ...args: string[]) {
  const authority = makeAuthority(t, 'ca');
  const { cert, key } = authority.sign('server');
  const server = startServer(t, [
    ...['--https', `127.0.0.1:0,${cert},${key}`, '--module', path.join(APPS, 'transfers.mjs')],
    // A client that finds the kernel's queue full tries again for a minute.
    ...['-p', '2', '--disable-logging', '--listen', '1024', ...args],
  ]);
  await server.until('a router', ({ routers }) => routers[0]?.state === 'ready');
  const { workers, routers } = await server.ready();
  const [, found] = await server.logged(/tsuwsgi https bound on .*:(\d+) fd/);
  const port = Number(found);
  const ca = readFileSync(authority.cert);
  const ordinary = (): OrdinaryClient => {
    const session = http2.connect(`https://localhost:${port}`, { ca });
    session.on('error', () => undefined);
    return {
      ask: async () => (await ask(session, { ':path': '/5' })).status,
      close: () => {
        session.close();
      },
    };
  };
  // What is opened once and kept, such as connections to workers, is there before.
  await normalP99(ordinary);
  const pids = [...workers, ...routers].map(({ pid }) => pid);
  return { server, port, ca, ordinary, descriptors: () => pids.map(openFiles) };
}

/** Connections that each send something at first, and then, over and over, something more. */
function attack(
  t: TestContext,
  { port, ca }: { readonly port: number; readonly ca: Buffer },
  count: number,
  { first, then }: { readonly first: readonly Buffer[]; readonly then: readonly Buffer[] },
) {
  const clients = Array.from({ length: count }, () => {
    const socket = tls.connect({ port, host: '127.0.0.1', ca, ALPNProtocols: ['h2'] });
    socket.on('error', () => undefined);
    const client = new FrameClient(socket);
    client.send(...first);
    return client;
  });
  const trickle = setInterval(() => {
    for (const client of clients) if (client.socket.writable) client.send(...then);
  }, TRICKLE_MS);
  const stop = (): void => {
    clearInterval(trickle);
    for (const { socket } of clients) socket.destroy();
  };
  t.after(stop);
  return { open: () => clients.filter(({ isClosed }) => !isClosed).length, stop };
}

/** The numbers of the streams that a client opens first. */
const streams = Array.from({ length: STREAMS }, (_, at) => 2 * at + 1);

/** The fields of a stream with another method and target than `fieldBlock` has. */
function asked(method: string, target: string): Buffer {
  const literal = (index: number, value: string): Buffer =>
    Buffer.concat([Buffer.from([index, value.length]), Buffer.from(value, 'latin1')]);
  // :method and :path by their names, :scheme https, :authority by its name (RFC 7541, appendix A).
  return Buffer.concat([
    ...[literal(2, method), literal(4, target), Buffer.from([0x87])],
    literal(1, 'a'),
  ]);
}

const skip = certificateProblem() ?? false;

describe(`beside ${ATTACKERS} who do nothing but last, over HTTP/2`, { skip }, () => {
  test('header blocks that never end are cut off, and ordinary clients are served quickly', async (t) => {
    const { server, ordinary, descriptors, ...to } = await router(t, '--http-headers-timeout', '8');
    const before = descriptors();
    const attackers = attack(t, to, ATTACKERS, {
      first: [frame(FRAME.headers, FLAG.endStream, 1, fieldBlock())],
      then: [],
    });
    await server.until('the attackers', ({ routers }) => {
      return (routers[0]?.connections ?? 0) >= ATTACKERS;
    });
    await staysQuick(t, ordinary);
    await eventually('the end of all of them', () => attackers.open() === 0);
    await nothingLeft(server, descriptors, before);
  });

  test('bodies that never end keep nobody else waiting, and leave nothing behind', async (t) => {
    const { server, ordinary, descriptors, ...to } = await router(t);
    const before = descriptors();
    const attackers = attack(t, to, ATTACKERS / STREAMS, {
      first: streams.map((id) => frame(FRAME.headers, FLAG.endHeaders, id, asked('PUT', '/'))),
      then: streams.map((id) => frame(FRAME.data, 0, id, Buffer.from('a'))),
    });
    await server.until('the attackers', ({ routers }) => {
      return (routers[0]?.in_flight ?? 0) >= ATTACKERS;
    });
    await staysQuick(t, ordinary);
    assert.equal(attackers.open(), ATTACKERS / STREAMS, 'who makes progress is not cut off');
    attackers.stop();
    await nothingLeft(server, descriptors, before);
  });

  const UNREAD = {
    first: streams.map((id) =>
      frame(FRAME.headers, FLAG.endHeaders | FLAG.endStream, id, asked('GET', `/${LARGE}`)),
    ),
    then: [],
  };

  test('answers that get no room keep nobody else waiting, and leave nothing behind', async (t) => {
    const { server, ordinary, descriptors, ...to } = await router(t);
    const before = descriptors();
    const attackers = attack(t, to, ATTACKERS / STREAMS, UNREAD);
    await server.until('the attackers', ({ routers }) => {
      return (routers[0]?.in_flight ?? 0) >= ATTACKERS;
    });
    await staysQuick(t, ordinary);
    attackers.stop();
    await nothingLeft(server, descriptors, before);
  });

  test('answers that get no room are given up in the time that the router waits', async (t) => {
    const { server, descriptors, ...to } = await router(t, '--http-timeout', '1');
    const before = descriptors();
    attack(t, to, ATTACKERS / STREAMS, UNREAD);
    await server.until('all given up', ({ routers }) => {
      const [only] = routers;
      return (only?.requests ?? 0) >= ATTACKERS && only?.in_flight === 0;
    });
    await eventually('the files that were open before, but for the connections', () =>
      descriptors().every((now, at) => now <= (before[at] ?? 0) + ATTACKERS / STREAMS + 8),
    );
  });
});
