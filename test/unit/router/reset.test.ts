import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { resetConnection } from '../../../server/router/reset.js';
import { eventually } from '../../support/eventually.js';

/** Both ends of a connection. */
async function connection(t: TestContext): Promise<{ near: net.Socket; far: net.Socket }> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [near] = (await once(server, 'connection')) as [net.Socket];
  server.close();
  t.after(() => {
    far.destroy();
    near.destroy();
  });
  return { near, far };
}

test('a connection that is broken off ends by a reset, behind what was written', async (t) => {
  const { near, far } = await connection(t);
  let received = '';
  far.on('data', (chunk: Buffer) => (received += chunk.toString()));
  near.write('half');
  const failed = once(far, 'error') as Promise<[NodeJS.ErrnoException]>;
  await once(far, 'data');
  resetConnection(near);
  const [{ code }] = await failed;
  assert.deepEqual([received, code], ['half', 'ECONNRESET']);
});

test('one that is ending already is closed, and its descriptor with it', async (t) => {
  const { near, far } = await connection(t);
  far.on('error', () => undefined).resume();
  const open = openConnections();
  const closed = once(near, 'close');
  near.end();
  // The end is under way once Node has asked the kernel for it.
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
  resetConnection(near);
  near.destroy();
  await closed;
  await eventually('both ends to be closed', () => openConnections() <= open - 2);
});

function openConnections(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}
