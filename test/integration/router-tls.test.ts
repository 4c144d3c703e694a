import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { describe, test } from 'node:test';
import type tls from 'node:tls';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import type { Behind } from '../support/router-rig.js';
import { connectTls, credentials, type SecureRig, startSecureRig } from '../support/secure-rig.js';

const skip = certificateProblem() ?? false;

/** Answers with the head that the worker was given. */
const ECHO: Behind = {
  handler: (request, response) => {
    request.resume();
    response.end(JSON.stringify(request.headers));
  },
};

async function get(
  { securePort, ca }: SecureRig,
  options: https.RequestOptions = {},
): Promise<{ headers: Record<string, unknown>; seen: Record<string, string> }> {
  const request = https.get({ port: securePort, host: 'localhost', ca, agent: false, ...options });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return { headers: response.headers, seen: JSON.parse(text) as Record<string, string> };
}

/** The subject of the certificate that a client is shown for a host. */
async function shownTo(t: Parameters<typeof connectTls>[0], rig: SecureRig, servername: string) {
  const socket = await connectTls(t, rig, { servername, checkServerIdentity: () => undefined });
  return socket.getPeerCertificate().subject.CN;
}

describe('the router with TLS', { skip }, () => {
  test('the worker is told that its client came by HTTPS', async (t) => {
    const { seen, headers } = await get(await startSecureRig(t, [ECHO]));
    assert.equal(seen['x-forwarded-proto'], 'https');
    assert.match(seen['forwarded'] ?? '', /proto=https$/);
    assert.equal(headers['strict-transport-security'], undefined);
  });

  test('TLS 1.2 and 1.3 are spoken, nothing older, and ciphers with forward secrecy only', async (t) => {
    const rig = await startSecureRig(t, [ECHO]);
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await connectTls(t, rig, { minVersion: version, maxVersion: version });
      assert.equal(socket.getProtocol(), version);
    }
    const old = {
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL@SECLEVEL=0',
    } as const;
    await assert.rejects(connectTls(t, rig, old));
    const weak = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' } as const;
    await assert.rejects(connectTls(t, rig, weak));
    const { refused } = rig.router.figures();
    await eventually('both counted', () => new Map(refused).get('tls_handshake') ?? true);
  });

  test('with --hsts browsers are told to come by HTTPS, on HTTPS only, and the application wins', async (t) => {
    const own: Behind = {
      handler: (request, response) => {
        if (request.url === '/own') response.setHeader('strict-transport-security', 'max-age=1');
        response.end('{}');
      },
    };
    const rig = await startSecureRig(t, [own], { transportSecurity: 600 });
    const said = async (path: string) =>
      (await get(rig, { path })).headers['strict-transport-security'];
    assert.equal(await said('/'), 'max-age=600');
    assert.equal(await said('/own'), 'max-age=1');
    const plain = await fetch(rig.url);
    assert.equal(plain.headers.get('strict-transport-security'), null);
  });

  test('who asks for a host that has a certificate is shown it, others the first', async (t) => {
    const rig = await startSecureRig(t, [ECHO]);
    const { authority, ticketKeys } = rig;
    const cats = authority.sign('cats', ['catserve.io', '*.catserve.io']);
    rig.secure.show(credentials([authority.sign('first'), cats], ticketKeys));
    assert.equal(await shownTo(t, rig, 'catserve.io'), 'cats');
    assert.equal(await shownTo(t, rig, 'WWW.catserve.io'), 'cats');
    assert.equal(await shownTo(t, rig, 'a.b.catserve.io'), 'first');
    assert.equal(await shownTo(t, rig, 'else.where'), 'first');
  });

  test('another certificate is shown from now on, and open connections go on', async (t) => {
    const rig = await startSecureRig(t, [ECHO]);
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: rig.ca });
    t.after(() => {
      agent.destroy();
    });
    await get(rig, { agent });
    rig.secure.show(credentials([rig.authority.sign('renewed')], rig.ticketKeys));
    assert.equal(await shownTo(t, rig, 'localhost'), 'renewed');
    await get(rig, { agent });
    assert.equal(Object.values(agent.freeSockets).flat().length, 1);
  });

  test('a session is resumed after the certificate was renewed, with the same keys of tickets', async (t) => {
    const rig = await startSecureRig(t, [ECHO]);
    const socket = await connectTls(t, rig);
    const [session] = (await once(socket, 'session')) as [Buffer];
    rig.secure.show(credentials([rig.authority.sign('renewed')], rig.ticketKeys));
    const again = await connectTls(t, rig, { session });
    assert.equal(again.isSessionReused(), true);
  });

  test('a client that must show a certificate is told to the worker, and forged tellings are not', async (t) => {
    const rig = await startSecureRig(t, [ECHO], { isMutual: true });
    const alice = credentials([rig.authority.sign('alice')], '').pairs[0];
    const headers = { 'X-SSL-Client-Verify': 'forged', 'Client-Cert': 'forged' };
    const { seen } = await get(rig, { ...alice, headers });
    assert.equal(seen['x-ssl-client-verify'], 'SUCCESS');
    assert.equal(seen['x-ssl-client-subject'], 'CN=alice');
    assert.equal(seen['x-ssl-client-issuer'], 'CN=ca');
    assert.match(seen['x-ssl-client-fingerprint'] ?? '', /^[0-9a-f]{64}$/);
    assert.match(seen['client-cert'] ?? '', /^:[A-Za-z0-9+/=]+:$/);
    assert.equal(rig.router.figures().removed_fields, 2);
  });

  test('without a certificate of the right authority nothing is asked of a worker', async (t) => {
    const rig = await startSecureRig(t, [ECHO], { isMutual: true });
    await assert.rejects(get(rig));
    const stranger = (await startSecureRig(t, [])).authority.sign('stranger');
    await assert.rejects(get(rig, credentials([stranger], '').pairs[0]));
    await eventually('both counted', () => {
      return new Map(rig.router.figures().refused).get('client_certificate') === 2;
    });
    assert.equal(rig.router.figures().requests, 0);
  });

  test('a forged telling of a certificate is removed without TLS as well', async (t) => {
    const rig = await startSecureRig(t, [ECHO]);
    const answer = await fetch(rig.url, { headers: { 'X-SSL-Client-Subject': 'CN=root' } });
    const seen = (await answer.json()) as Record<string, string>;
    assert.equal(seen['x-ssl-client-subject'], undefined);
  });

  test('who does not finish its handshake in time is disconnected, and counted', async (t) => {
    const rig = await startSecureRig(t, [ECHO], { headersTimeoutMs: 200 });
    const socket = net.connect(rig.securePort, '127.0.0.1');
    t.after(() => socket.destroy());
    await once(socket, 'close');
    assert.deepEqual(rig.router.figures().refused, [['tls_timeout', 1]]);
  });

  test('who sends no request after the handshake is disconnected', async (t) => {
    const rig = await startSecureRig(t, [ECHO], { headersTimeoutMs: 200, keepAliveMs: 200 });
    const sockets: tls.TLSSocket[] = [];
    for (const protocol of ['http/1.1', 'h2']) {
      sockets.push(await connectTls(t, rig, { ALPNProtocols: [protocol] }));
    }
    for (const socket of sockets) {
      socket.resume();
      if (!socket.closed) await once(socket, 'close');
    }
  });

  test('HTTP that comes without TLS reaches no worker', async (t) => {
    const rig = await startSecureRig(t, [ECHO]);
    const socket = net.connect(rig.securePort, '127.0.0.1');
    t.after(() => socket.destroy());
    socket.on('error', () => undefined).end('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket.resume(), 'close');
    assert.equal(rig.router.figures().requests, 0);
    assert.deepEqual(rig.router.figures().refused, [['tls_handshake', 1]]);
  });
});
