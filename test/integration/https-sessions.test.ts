import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import tls from 'node:tls';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { HTTPS, isServing, makePlace, securePort } from '../support/https-place.js';
import { isAlive, startServer } from '../support/server.js';
import { startUpgradable } from '../support/upgrades.js';

const skip = certificateProblem() ?? false;

/** 48 bytes in base64, as the master keeps them. */
const SECRET = /[A-Za-z0-9+/]{64}/;

/** What a new master was started with by the one before it. */
function heritageOf(pid: number): string {
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return variables.find((one) => one.startsWith('TSUWSGI_UPGRADE=')) ?? '';
}

/** Begins a connection with TLS, with what resumes another one or without. */
function openTls(t: TestContext, port: number, ca: Buffer, session?: Buffer): tls.TLSSocket {
  const options = { port, host: '127.0.0.1', ca, ...(session !== undefined && { session }) };
  // A router that is replaced ends the connections on which nothing is asked.
  const socket = tls.connect(options).on('error', () => undefined);
  t.after(() => socket.destroy());
  return socket;
}

test('a session is resumed by another router process, also after a reload', { skip }, async (t) => {
  const { cwd, ca } = makePlace(t);
  const args = [...HTTPS, '--module', 'app.mjs', '--http-processes', '2'];
  const server = startServer(t, args, { cwd });
  await isServing(server);
  const port = await securePort(server);
  const [session] = (await once(openTls(t, port, ca), 'session')) as [Buffer];
  server.kill('SIGHUP');
  await server.until('the reload', ({ generation }) => generation === 1);
  for (let n = 0; n < 8; n++) {
    const socket = openTls(t, port, ca, session);
    await once(socket, 'secureConnect');
    assert.equal(socket.isSessionReused(), true);
  }
});

test(
  'a session is resumed by a new master, and after the next one, and its key is nowhere to be read',
  { skip },
  async (t) => {
    const { cwd, ca } = makePlace(t);
    const args = [...HTTPS, '--module', 'app.mjs', '--log-level', 'debug'];
    const { server, upgrade, end } = startUpgradable(t, args, { cwd });
    await isServing(server);
    const port = await securePort(server);
    const [session] = (await once(openTls(t, port, ca), 'session')) as [Buffer];
    let master = server.pid;
    for (let round = 1; round <= 2; round++) {
      const before = master;
      master = await upgrade(before);
      await eventually('the end of the old master', () => !isAlive(before));
      // A master that has answered since then knows that it is alone, and may be upgraded.
      await server.stats();
      const socket = openTls(t, port, ca, session);
      await once(socket, 'secureConnect');
      assert.equal(socket.isSessionReused(), true);
      assert.match(heritageOf(master), /^TSUWSGI_UPGRADE=\{"sockets":/);
      assert.doesNotMatch(heritageOf(master), SECRET);
    }
    assert.doesNotMatch(server.output, SECRET);
    assert.doesNotMatch(JSON.stringify(await server.stats()), SECRET);
    await end(master);
  },
);
