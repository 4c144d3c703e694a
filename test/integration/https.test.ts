import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { ask } from '../support/http2.js';
import { HTTPS, isServing, makePlace, securePort, shown } from '../support/https-place.js';
import { ask as metrics } from '../support/metrics-text.js';
import { CATSERVE, startServer } from '../support/server.js';
import { startSteadyHttp2 } from '../support/steady-http2.js';
import { startUpgradable } from '../support/upgrades.js';

const skip = certificateProblem() ?? false;

async function underLoad(t: TestContext, ...args: string[]) {
  const place = makePlace(t);
  const started = startUpgradable(t, [...HTTPS, '--module', 'app.mjs', ...args], place);
  const { server } = started;
  await isServing(server);
  const port = await securePort(server);
  const load = startSteadyHttp2(port, place.ca, 4);
  const goOn = async (): Promise<void> => {
    const before = load.answered();
    await eventually('answers', () => load.answered() > before + 50);
  };
  await goOn();
  return { ...place, ...started, port, load, goOn };
}

test(
  '--https serves catserve over HTTP/2 without --http, and is named in stats and log',
  { skip },
  async (t) => {
    const place = makePlace(t);
    const server = startServer(t, [...HTTPS, '--module', CATSERVE], place);
    await isServing(server);
    const port = await securePort(server);
    const load = startSteadyHttp2(port, place.ca, 2);
    await eventually('answers', () => load.answered() > 10);
    await load.stop();
    assert.deepEqual(load.failures, []);
    const { sockets, routers } = await server.stats();
    assert.deepEqual(
      sockets.map(({ name, proto }) => [name, proto]),
      [[`127.0.0.1:${port}`, 'https']],
    );
    assert.deepEqual(routers[0]?.addresses, [`127.0.0.1:${port}`]);
  },
);

test('curl speaks HTTP/1.1 and HTTP/2 with it', { skip: skip || curlProblem() }, async (t) => {
  const { cwd, authority } = makePlace(t);
  const server = startServer(t, [...HTTPS, '--module', 'app.mjs'], { cwd });
  await isServing(server);
  const url = `https://localhost:${await securePort(server)}/`;
  for (const version of ['1.1', '2']) {
    const form = '%{http_version} %{response_code}\n';
    const curl = spawnSync('curl', [
      ...['-sS', '--cacert', authority.cert, `--http${version}`, '-w', `\n${form}`, url],
    ]);
    assert.match(curl.stdout.toString(), new RegExp(`^\\d+ https\n${version} 200\n$`));
  }
});

test('a certificate that is renewed under load is shown without an error', { skip }, async (t) => {
  const { server, load, goOn, port, ca, show } = await underLoad(t);
  assert.equal(await shown(port, ca), 'first');
  show('second');
  await server.logged(/--https 127\.0\.0\.1:0: certificate renewed/);
  await eventually('the second', async () => (await shown(port, ca)) === 'second');
  await goOn();
  await load.stop();
  assert.deepEqual(load.failures, []);
});

test('stats and metrics tell when the certificate in use expires', { skip }, async (t) => {
  const { cwd, show } = makePlace(t);
  const server = startServer(t, [...HTTPS, '--module', 'app.mjs'], { cwd });
  await isServing(server);
  const expiry = (): number =>
    Date.parse(new X509Certificate(readFileSync(path.join(cwd, 'cert.pem'))).validTo) / 1000;
  const [certificate, ...others] = (await server.stats()).certificates;
  const names = ['stats.example', 'localhost'];
  const expected = { address: '127.0.0.1:0', file: 'cert.pem', names, not_after: expiry() };
  assert.deepEqual([certificate, others], [expected, []]);
  const labels = 'address="127.0.0.1:0",file="cert.pem"';
  const { body } = await metrics(server, '/metrics');
  const sample = `tsuwsgi_certificate_not_after_seconds{${labels}} ${expiry()}\n`;
  assert.ok(body.includes(sample), body);

  show('second', ['renewed.example']);
  const { events } = await server.until('the new one', ({ certificates }) =>
    certificates.some((shown) => shown.names[0] === 'renewed.example'),
  );
  const told = events.map(({ kind, subject }) => [kind, subject]);
  assert.deepEqual(told, [['certificate-renewed', '127.0.0.1:0']]);
});

test(
  'a broken new certificate leaves the old one, and the log names the file',
  { skip },
  async (t) => {
    const { cwd, ca } = makePlace(t);
    const server = startServer(t, [...HTTPS, '--module', 'app.mjs'], { cwd });
    await isServing(server);
    const port = await securePort(server);
    writeFileSync(path.join(cwd, 'cert.pem'), 'half a certif');
    await server.logged(
      /cert\.pem is no certificate: .*; clients are shown the certificate from before/,
    );
    assert.equal(await shown(port, ca), 'first');
    const { events } = await server.until('the record', ({ events: told }) => told.length > 0);
    assert.equal(events[0]?.kind, 'certificate-refused');
    assert.match(events[0].text, /^--https 127\.0\.0\.1:0: cert\.pem is no certificate: /);
    server.kill('SIGHUP');
    await server.until('the reload', ({ generation }) => generation === 1);
    assert.equal(await shown(port, ca), 'first');
  },
);

test('a graceful reload under HTTP/2 loses nothing that the server took', { skip }, async (t) => {
  const { server, load, goOn } = await underLoad(t);
  const { routers: before } = await server.stats();
  server.kill('SIGHUP');
  const { routers: after } = await server.until('the reload', ({ generation }) => generation === 1);
  assert.notEqual(after[0]?.pid, before[0]?.pid);
  await goOn();
  await load.stop();
  assert.deepEqual(load.failures, []);
});

test('a worker that is killed under HTTP/2 costs nobody an answer', { skip }, async (t) => {
  const { server, load, goOn } = await underLoad(t);
  const pid = (await server.stats()).workers[0]!.pid;
  process.kill(pid, 'SIGKILL');
  await server.until('its successor', ({ workers }) => {
    return workers[0]?.accepting === 1 && workers[0].pid !== pid;
  });
  await goOn();
  await load.stop();
  assert.deepEqual(load.failures, []);
});

test('harakiri for one stream costs the others nothing', { skip }, async (t) => {
  const { server, load, goOn, port, ca } = await underLoad(t, '--harakiri', '1');
  const session = http2.connect(`https://localhost:${port}`, { ca });
  t.after(() => {
    session.destroy();
  });
  const { workers: before } = await server.stats();
  const post = { ':method': 'POST', ':path': '/spin' };
  const hung = ask(session, post, 'x');
  const beside = ask(session, {});
  assert.equal((await beside).status, 200);
  assert.equal((await hung).status, 502);
  await server.until('its successor', ({ workers, harakiris }) => {
    const isReplaced = workers.some(({ pid }, at) => pid !== before[at]?.pid);
    return (
      harakiris.length === 1 && isReplaced && workers.every(({ accepting }) => accepting === 1)
    );
  });
  await goOn();
  await load.stop();
  assert.deepEqual(load.failures, []);
  assert.equal(session.closed, false);
});

test('a new master takes the address over and shows the certificate', { skip }, async (t) => {
  const { server, load, goOn, upgrade, end, port, ca, show } = await underLoad(t);
  show('second');
  const successor = await upgrade(server.pid);
  await goOn();
  await load.stop();
  assert.deepEqual(load.failures, []);
  assert.equal(await shown(port, ca), 'second');
  await end(successor);
});

test(
  'what cannot be served is said before anything is bound, with the file',
  { skip },
  async (t) => {
    const { cwd, authority } = makePlace(t);
    const other = authority.sign('other');
    const encrypted = path.join(cwd, 'locked.pem');
    spawnSync('openssl', [
      'pkey',
      '-aes128',
      '-passout',
      'pass:x',
      '-in',
      other.key,
      '-out',
      encrypted,
    ]);
    for (const [files, problem] of [
      ['nowhere.pem,key.pem', /there is no file nowhere\.pem/],
      [`cert.pem,${other.key}`, /does not belong to the certificate cert\.pem/],
      ['key.pem,cert.pem', /key\.pem is no certificate/],
      [`${other.cert},${encrypted}`, /locked\.pem is encrypted.*openssl pkey/],
      ['cert.pem,key.pem,key.pem', /key\.pem is no certificate/],
      ['cert.pem,key.pem,HIGH,ca.pem', /more than four parts: uWSGI's list of ciphers/],
    ] as const) {
      const args = ['--https', `127.0.0.1:0,${files}`, '--module', 'app.mjs'];
      const server = startServer(t, args, { cwd, stats: false, onlySockets: true });
      assert.notEqual(await server.exited(), 0);
      assert.match(server.output, problem);
      assert.doesNotMatch(server.output, /bound on/);
    }
  },
);

test(
  'with --https-redirect who comes to --http is sent to HTTPS, and who comes there is told to stay',
  { skip },
  async (t) => {
    const { cwd } = makePlace(t);
    const more = ['--http', '127.0.0.1:0', '--https-redirect', '--hsts', '600', '--log-zero'];
    const server = startServer(t, [...HTTPS, ...more, '--module', 'app.mjs'], { cwd });
    await isServing(server);
    const port = await securePort(server);
    const answer = await fetch(await server.url('/a?b=c'), { redirect: 'manual' });
    assert.equal(answer.status, 308);
    assert.equal(answer.headers.get('location'), `https://127.0.0.1:${port}/a?b=c`);
    assert.equal(answer.headers.get('strict-transport-security'), null);
    const { workers } = await server.stats();
    assert.ok(workers.every(({ requests }) => requests === 0));
    await server.logged(/app: -1\|[^\n]* GET \/a\?b=c => generated 0 bytes [^\n]*HTTP\/1\.1 308\)/);
  },
);

function curlProblem(): string | false {
  const found = spawnSync('curl', ['--version']);
  const speaks = found.status === 0 && found.stdout.toString().includes('HTTP2');
  return speaks ? false : 'curl with HTTP/2 is not installed (package curl)';
}
