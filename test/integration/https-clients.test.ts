import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { browserProblem, openPage } from '../support/browser.js';
import { certificateProblem, makeAuthority } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { CATSERVE, startServer } from '../support/server.js';

/** Clients of HTTPS and HTTP/2 that others have written; curl is in https.test.ts. */

const run = promisify(execFile);

const noCertificate = certificateProblem();
const skipBrowser = noCertificate ?? browserProblem() ?? false;

function withoutH2load(): string | null {
  const { error } = spawnSync('h2load', ['--version']);
  return error === undefined ? null : 'h2load needs the package nghttp2-client';
}

const skipH2load = noCertificate ?? withoutH2load() ?? false;

async function secured(t: TestContext, module: string, ...args: string[]) {
  const { cert, key } = makeAuthority(t, 'ca').sign('server');
  const server = startServer(t, [
    ...['--https', `127.0.0.1:0,${cert},${key}`, '--module', module, '-p', '2', '-L', ...args],
  ]);
  await server.ready();
  const [, port = ''] = await server.logged(/tsuwsgi https bound on .*:(\d+) fd/);
  return { server, cert, url: `https://localhost:${port}` };
}

/**
 * Catserve, and a page that loads its gallery and pictures, opens a WebSocket, and tells what it saw:
 * the log has it, since an application may write there.
 */
const BEHIND = `
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import catserve from ${JSON.stringify(CATSERVE)};

const PAGE = \`<!doctype html><title>cats</title><script type="module">
const names = ['mochi', 'mochi', 'mochi'];
const pictures = await Promise.all(
  names.map(async (name, at) => {
    const answer = await fetch('/cats/' + name + '.svg?' + at);
    await answer.text();
    return answer.status;
  }),
);
// The browser notes a transfer some time after its end.
const protocols = await new Promise((resolve) => {
  const seen = [];
  new PerformanceObserver((list) => {
    seen.push(...list.getEntries().filter(({ name }) => name.includes('.svg')));
    if (seen.length === names.length) resolve(seen.map((entry) => entry.nextHopProtocol));
  }).observe({ type: 'resource', buffered: true });
});
const message = await new Promise((resolve) => {
  const socket = new WebSocket('wss://' + location.host + '/socket');
  socket.onmessage = ({ data }) => resolve(data);
  socket.onerror = () => resolve('refused');
});
const report = {
  page: performance.getEntriesByType('navigation')[0].nextHopProtocol,
  pictures,
  protocols: [...new Set(protocols)],
  message,
};
await fetch('/report?' + encodeURIComponent(JSON.stringify(report)));
</script>\`;

const server = createServer((request, response) => {
  if (request.url === '/page') {
    response.setHeader('Content-Type', 'text/html').end(PAGE);
  } else if (request.url.startsWith('/report?')) {
    console.log('report ' + decodeURIComponent(request.url.slice('/report?'.length)) + ' end');
    response.end();
  } else {
    catserve(request, response);
  }
});
server.on('upgrade', (request, socket) => {
  const key = request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n' +
      'Sec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n',
  );
  const told = request.headers['x-forwarded-proto'] + ' via ' + request.headers.via;
  socket.write(Buffer.concat([Buffer.from([0x81, told.length]), Buffer.from(told)]));
});
export default server;
`;

test(
  'Chromium loads catserve over HTTP/2, and opens a WebSocket on the same connection',
  { skip: skipBrowser },
  async (t) => {
    const folder = makeFolder(t, { 'app.mjs': BEHIND });
    const { server, url } = await secured(t, `${folder}/app.mjs`);
    // The authority is not the machine's: that the certificate is good is what curl proves.
    openPage(t, `${url}/page`, [], ['--ignore-certificate-errors']);
    const [, report = ''] = await server.logged(/report (\{.*\}) end/);
    assert.deepEqual(JSON.parse(report), {
      page: 'h2',
      pictures: [200, 200, 200],
      protocols: ['h2'],
      message: 'https via 2 tsuwsgi',
    });
  },
);

/** What h2load sums up. */
function summary(output: string) {
  const figure = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? NaN);
  return {
    done: figure(/(\d+) done/),
    succeeded: figure(/(\d+) succeeded/),
    failed: figure(/(\d+) failed/),
    good: figure(/(\d+) 2xx/),
    bad: [/(\d+) 3xx/, /(\d+) 4xx/, /(\d+) 5xx/].map(figure),
  };
}

test('h2load gets an answer to everything that it asks', { skip: skipH2load }, async (t) => {
  const { server, url } = await secured(t, CATSERVE);
  const { stdout } = await run('h2load', ['-n', '3000', '-c', '8', '-m', '20', `${url}/health`]);
  const { succeeded, failed, good, bad } = summary(stdout);
  assert.match(stdout, /Application protocol: h2/);
  assert.deepEqual([succeeded, failed, good, bad], [3000, 0, 3000, [0, 0, 0]], stdout);
  await server.until('the count', ({ routers }) => routers[0]?.requests === 3000);
});

test(
  'h2load during a reload gets good answers only, and none in a worker’s stead',
  { skip: skipH2load },
  async (t) => {
    const { server, url } = await secured(t, CATSERVE);
    const load = run('h2load', ['-D', '4', '-c', '8', '-m', '10', `${url}/health`]);
    await server.until('requests', ({ routers }) => (routers[0]?.requests ?? 0) > 100);
    const [old] = (await server.stats()).routers;
    server.kill('SIGHUP');
    const { stdout } = await load;
    const { routers } = await server.until('the reload', ({ generation }) => generation === 1);
    assert.notEqual(routers[0]?.pid, old?.pid);
    const { bad, good } = summary(stdout);
    assert.deepEqual(bad, [0, 0, 0], stdout);
    // It does not connect again: what it asked after GOAWAY is its own loss, and nobody took it.
    await eventually('as many answers as requests', async () => {
      const [router] = (await server.stats()).routers;
      assert.ok(router !== undefined);
      assert.deepEqual([router.in_flight, router.answered], [0, {}]);
      return router.requests >= good;
    });
  },
);
