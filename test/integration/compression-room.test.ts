import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test, type TestContext } from 'node:test';
import zlib from 'node:zlib';
import { eventually } from '../support/eventually.js';
import { startRouterRig } from '../support/router-rig.js';

/** What docs/http.md says of answers that are compressed at once. */
const MOST = 256;

const [BEGIN, END] = ['What is said again. '.repeat(100), 'What is said last. '.repeat(100)];

/** An answer as far as it has come. */
interface Client {
  readonly request: http.ClientRequest;
  readonly head: http.IncomingMessage;
  /** All of its body. */
  readonly body: () => Promise<Buffer>;
}

async function ask(t: TestContext, port: number, path: string): Promise<Client> {
  const headers = { 'Accept-Encoding': 'gzip' };
  const request = http.request({ port, path, headers, agent: false }).end();
  // What is not read would keep this process alive.
  t.after(() => request.destroy());
  request.on('error', () => undefined);
  const [head] = (await once(request, 'response')) as [http.IncomingMessage];
  head.on('error', () => undefined);
  return { request, head, body: async () => Buffer.concat((await head.toArray()) as Buffer[]) };
}

/** A router that compresses, before an application whose answers to `/slow` wait for their ends. */
async function startSlow(t: TestContext) {
  const slow: http.ServerResponse[] = [];
  const handler: http.RequestListener = ({ url }, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain' }).write(BEGIN);
    if (url === '/slow') slow.push(response);
    else response.end(END);
  };
  const { port } = await startRouterRig(t, [{ handler }], { compresses: true });
  return { port, slow };
}

async function fill(t: TestContext, port: number): Promise<Client[]> {
  return Promise.all(Array.from({ length: MOST }, () => ask(t, port, '/slow')));
}

function isGzip({ head }: Client): boolean {
  return head.headers['content-encoding'] === 'gzip';
}

async function assertPlain(client: Client): Promise<void> {
  assert.equal(isGzip(client), false);
  assert.equal(client.head.headers.vary, 'Accept-Encoding');
  assert.equal((await client.body()).toString(), BEGIN + END);
}

test(`while ${MOST} answers are being compressed the next go out plain and whole, then compressed again`, async (t) => {
  const { port, slow } = await startSlow(t);
  const clients = await fill(t, port);
  assert.ok(clients.every(isGzip));
  await assertPlain(await ask(t, port, '/quick'));
  await assertPlain(await ask(t, port, '/quick'));
  slow.shift()?.end(END);
  const next = await eventually('a place', async () => {
    const client = await ask(t, port, '/quick');
    return isGzip(client) && client;
  });
  assert.equal(zlib.gunzipSync(await next.body()).toString(), BEGIN + END);
  for (const response of slow) response.end(END);
  for (const client of clients) {
    assert.equal(zlib.gunzipSync(await client.body()).toString(), BEGIN + END);
  }
});

test('clients that leave, and a worker that breaks off, give their places back', async (t) => {
  const { port, slow } = await startSlow(t);
  const clients = await fill(t, port);
  await assertPlain(await ask(t, port, '/quick'));
  for (const { request } of clients.slice(0, MOST / 2)) request.destroy();
  for (const response of slow) response.destroy();
  const again = await eventually('all places', async () => {
    slow.length = 0;
    const all = await fill(t, port);
    if (all.every(isGzip)) return all;
    for (const { request } of all) request.destroy();
    return false;
  });
  await assertPlain(await ask(t, port, '/quick'));
  for (const { request } of again) request.destroy();
});
