import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connect } from 'node:tls';
import { parseTlsOption } from '../../server/options/stats-tls.js';
import { readTlsContext } from '../../server/stats/tls-side.js';
import type { KeyFile } from '../../shared/protocol.js';
import { createClient } from '../../top/client/create-client.js';
import { fetchOnce } from '../../top/client/once.js';
import { parseTarget, type Target } from '../../top/client/target.js';
import { withTlsFiles, type TlsFiles } from '../../top/client/tls.js';
import { certificateProblem, makeAuthority, type Authority } from '../support/certificates.js';
import { openLive } from '../support/live-client.js';
import { prove } from '../support/proof.js';
import { publicAddress } from '../support/public-address.js';
import { BOOT_ID, converse, startRig, until, type StatsRig } from '../support/stats-rig.js';

const reload = { type: 'command', id: 1, command: { name: 'reload' } } as const;
const skip = certificateProblem() ?? false;

interface SecureRig extends StatsRig {
  readonly authority: Authority;
  readonly ca: Buffer;
}

/** A stats server with TLS alone. */
async function secureRig(
  t: TestContext,
  options: { readonly host?: string; readonly clientCa?: boolean } = {},
): Promise<SecureRig> {
  const authority = makeAuthority(t, 'ca');
  const { cert, key } = authority.sign('server');
  const host = options.host ?? '127.0.0.1';
  const files = options.clientCa === true ? [cert, key, authority.cert] : [cert, key];
  const option = parseTlsOption([`${host}:0`, ...files].join());
  assert.ok(option.ok);
  const context = readTlsContext(option.value);
  assert.ok(context.ok, context.ok ? '' : context.error);
  const tls = [{ ...context.value, address: option.value.address }];
  const rig = await startRig(t, { addresses: [], tls, limits: { authDelayMs: 1 } });
  return { ...rig, authority, ca: readFileSync(authority.cert) };
}

function proof(rig: StatsRig, nonce: string, address = rig.address) {
  const text = readFileSync(join(rig.keys, `${BOOT_ID}.key`), 'utf8');
  const { key } = JSON.parse(text) as KeyFile;
  return prove(Buffer.from(key, 'hex'), { bootId: BOOT_ID, serverNonce: nonce, address });
}

test('over TLS the key gives control, also from a public address', { skip }, async (t) => {
  const host = publicAddress() ?? '127.0.0.1';
  const rig = await secureRig(t, { host });
  const options = { ca: rig.ca, servername: 'stats.example' };
  const client = await openLive(t, `wss://${rig.address}/live`, options);
  assert.equal(client.hello.control, null);
  assert.equal(client.hello.role, undefined);
  client.send(reload);
  assert.equal((await client.take('reply')).code, 'needs-auth');
  client.send(proof(rig, client.hello.nonce));
  assert.equal((await client.take('authorised')).ok, true);
  client.send(reload);
  assert.equal((await client.take('reply')).ok, true);
  assert.equal(rig.executed.length, 1);
  assert.deepEqual((await client.take('snapshot')).stats, rig.document());
});

test(
  'a client certificate of the authority operates, and is named in the audit',
  { skip },
  async (t) => {
    const rig = await secureRig(t, { clientCa: true });
    const alice = rig.authority.sign('alice');
    const client = await openLive(t, `wss://${rig.address}/live`, {
      ca: rig.ca,
      cert: readFileSync(alice.cert),
      key: readFileSync(alice.key),
    });
    assert.equal(client.hello.role, 'operate');
    client.send(reload);
    assert.equal((await client.take('reply')).ok, true);
    assert.match(rig.log.join('\n'), /^audit: reload by 127.*certificate of alice\): accepted/m);
  },
);

test(
  'without a certificate, where one may be shown, the key is still asked for',
  { skip },
  async (t) => {
    const rig = await secureRig(t, { clientCa: true });
    const client = await openLive(t, `wss://${rig.address}/live`, { ca: rig.ca });
    client.send(reload);
    assert.equal((await client.take('reply')).code, 'needs-auth');
  },
);

test('a certificate of another authority is refused, with an audit line', { skip }, async (t) => {
  const rig = await secureRig(t, { clientCa: true });
  const mallory = makeAuthority(t, 'other').sign('alice');
  const options = {
    ca: rig.ca,
    cert: readFileSync(mallory.cert),
    key: readFileSync(mallory.key),
  };
  await assert.rejects(openLive(t, `wss://${rig.address}/live`, options));
  await until(() => rig.log.some((line) => line.startsWith('audit: TLS by 127.0.0.1:')));
  assert.match(
    rig.log.join('\n'),
    /audit: TLS by .*: refused: the client's certificate does not hold/,
  );
});

test('TLS 1.1 is not spoken, 1.2 and 1.3 are', { skip }, async (t) => {
  const rig = await secureRig(t);
  const speak = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
    new Promise<string>((resolve) => {
      const socket = connect({
        host: '127.0.0.1',
        port: rig.port,
        ca: rig.ca,
        minVersion: version,
        maxVersion: version,
        ...(version === 'TLSv1.1' && { ciphers: 'DEFAULT@SECLEVEL=0' }),
      });
      socket.once('secureConnect', () => {
        resolve(socket.getProtocol() ?? '');
        socket.destroy();
      });
      socket.once('error', () => {
        resolve('refused');
      });
    });
  assert.equal(await speak('TLSv1.1'), 'refused');
  assert.equal(await speak('TLSv1.2'), 'TLSv1.2');
  assert.equal(await speak('TLSv1.3'), 'TLSv1.3');
});

test(
  'HTTPS is answered under a name of the certificate, and plain HTTP is not',
  { skip },
  async (t) => {
    const rig = await secureRig(t);
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { Host: `stats.example:${rig.port}` };
      const where = { host: '127.0.0.1', port: rig.port, path: '/stats', ca: rig.ca, agent: false };
      const asked = request({ ...where, headers, servername: 'stats.example' });
      asked.once('error', reject);
      asked.once('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asked.end();
    });
    assert.equal(status, 200);
    const where = { host: '127.0.0.1', port: rig.port };
    const plain = await converse(t, where, 'GET /stats HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.doesNotMatch(plain, /HTTP|workers/);
    await until(() => rig.server.clients() === 0);
  },
);

test('a key that is not of the certificate is found out at the start', { skip }, (t) => {
  const authority = makeAuthority(t, 'ca');
  const option = parseTlsOption(
    [':0', authority.sign('one').cert, authority.sign('two').key].join(),
  );
  assert.ok(option.ok);
  const context = readTlsContext(option.value);
  assert.ok(!context.ok);
  assert.match(context.error, /^--stats-tls :0,.*two\.key does not belong to .*one\.pem: /);
});

test('what is no --stats-tls is refused in a sentence', () => {
  for (const [text, message] of [
    [':9443', /write ADDR,CERT,KEY/],
    [':9443,cert,key,', /write ADDR,CERT,KEY/],
    [':9443,a,b,c,d', /write ADDR,CERT,KEY/],
    ['/run/x.sock,cert,key', /needs no TLS, write it as --stats/],
    ['host:99999,cert,key', /"99999" is not a port/],
  ] as const) {
    const option = parseTlsOption(text);
    assert.ok(!option.ok, text);
    assert.match(option.error, message);
  }
  const missing = parseTlsOption(':0,/nonexistent/cert,/nonexistent/key');
  assert.ok(missing.ok);
  const context = readTlsContext(missing.value);
  assert.ok(!context.ok);
  assert.match(context.error, /there is no file \/nonexistent\/cert/);
});

/** A target of tsuwsgitop, with the files of its options. */
function targetOf(rig: SecureRig, files: Partial<TlsFiles> = {}): Target {
  const parsed = parseTarget(`wss://localhost:${rig.port}`);
  assert.ok(parsed.ok);
  const none = { ca: undefined, cert: undefined, key: undefined };
  const target = withTlsFiles(parsed.value, { ...none, ...files });
  assert.ok(target.ok, target.ok ? '' : target.error);
  return target.value;
}

test(
  'tsuwsgitop reads over wss:// with --ca, and says what is missing without',
  { skip },
  async (t) => {
    const rig = await secureRig(t);
    const fetched = await fetchOnce(targetOf(rig, { ca: rig.authority.cert }));
    assert.ok(fetched.ok, fetched.ok ? '' : fetched.error.message);
    assert.deepEqual(JSON.parse(fetched.value.raw), JSON.parse(JSON.stringify(rig.document())));
    const untrusted = await fetchOnce(targetOf(rig));
    assert.ok(!untrusted.ok);
    assert.match(
      untrusted.error.message,
      /certificate of localhost is signed by nobody that is trusted/,
    );
  },
);

test('tsuwsgitop polls over https:// too', { skip }, async (t) => {
  const rig = await secureRig(t);
  const target = targetOf(rig, { ca: rig.authority.cert });
  const fetched = await fetchOnce({ ...target, kind: 'http', path: '/stats' });
  assert.ok(fetched.ok, fetched.ok ? '' : fetched.error.message);
});

test('tsuwsgitop operates by its certificate, without any key', { skip }, async (t) => {
  const rig = await secureRig(t, { clientCa: true });
  const target = targetOf(rig, { ...rig.authority.sign('alice'), ca: rig.authority.cert });
  const client = createClient(target, {
    intervalMs: 100,
    env: { XDG_RUNTIME_DIR: '/nonexistent' },
  });
  t.after(() => {
    client.close();
  });
  const answered = new Promise<boolean>((resolve) => {
    client.start((event) => {
      if (event.type === 'control' && event.control.available)
        client.command(1, { name: 'reload' });
      if (event.type === 'reply') resolve(event.ok);
    });
  });
  assert.equal(await answered, true);
  assert.match(rig.log.join('\n'), /certificate of alice\): accepted/);
});

test('files for TLS are refused where there is none, and in halves', () => {
  const plain = parseTarget('localhost:9191');
  const secure = parseTarget('https://localhost:9443');
  assert.ok(plain.ok && secure.ok);
  assert.equal(secure.value.kind, 'http');
  const files = { ca: undefined, cert: '/nonexistent', key: undefined };
  const refused = (target: Target, given: TlsFiles): string => {
    const result = withTlsFiles(target, given);
    assert.ok(!result.ok);
    return result.error;
  };
  assert.match(refused(plain.value, files), /--cert is for TLS: write the address as wss:/);
  assert.match(refused(secure.value, files), /--cert and --key belong together/);
  assert.match(
    refused(secure.value, { ...files, key: '/x' }),
    /--cert \/nonexistent cannot be read/,
  );
});
