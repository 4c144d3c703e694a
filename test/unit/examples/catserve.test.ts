import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from '../../support/application-process.js';

const FOLDER = path.join(REPOSITORY, 'examples/catserve');

/** The module's default export, as a worker takes it. */
type Catserve = (req: http.IncomingMessage, res: http.ServerResponse) => unknown;

const server = http.createServer();
const failures: string[] = [];
let base = '';

before(async () => {
  const href = pathToFileURL(path.join(FOLDER, 'app.js')).href;
  const { default: catserve } = (await import(href)) as { default: Catserve };
  server.on('request', (req, res) => {
    const failed = (error: unknown): void => {
      failures.push(String(error));
      res.writeHead(500).end();
    };
    try {
      Promise.resolve(catserve(req, res)).catch(failed);
    } catch (error) {
      failed(error);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
  server.close().closeAllConnections();
});

test('the start page shows cats and the ways to make trouble', async () => {
  const answer = await fetch(`${base}/`);
  const page = await answer.text();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
  for (const part of ['/cats/mochi.svg', '/slow?s=3', '/leak?mb=10', '/stream']) {
    assert.ok(page.includes(part), part);
  }
});

test('every cat of the gallery has a page and a picture of its own', async () => {
  const gallery = await (await fetch(`${base}/cats`)).text();
  const names = [...gallery.matchAll(/href="\/cats\/([a-z]+)"/g)].map((match) => match[1]);
  assert.equal(names.length, 6);
  const pictures = new Set<string>();
  for (const name of names) {
    assert.match(await (await fetch(`${base}/cats/${name}`)).text(), /<blockquote>/);
    const picture = await fetch(`${base}/cats/${name}.svg`);
    assert.equal(picture.headers.get('content-type'), 'image/svg+xml; charset=utf-8');
    const svg = await picture.text();
    assert.match(svg, /^<svg [^>]*aria-label="[A-Z]\w+, [A-Z][\w ]+">.*<\/svg>\n$/);
    assert.doesNotMatch(svg, /undefined|NaN/);
    pictures.add(svg);
  }
  assert.equal(pictures.size, names.length);
});

test('what is not there is 404, and a path in the page is escaped', async () => {
  for (const target of ['/dogs', '/cats/rex', '/cats/rex.svg', '/constructor']) {
    assert.equal((await fetch(base + target)).status, 404, target);
  }
  // fetch would escape the target itself.
  const page = await raw("/<script>'x");
  assert.match(page, /&lt;script&gt;&#39;x/);
  assert.doesNotMatch(page, /<script>/);
});

test('methods other than GET and HEAD are 405 and say which are allowed', async () => {
  const answer = await fetch(`${base}/cats`, { method: 'POST', body: 'meow' });
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD']);
  const head = await fetch(`${base}/cats/nori.svg`, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
  assert.ok(Number(head.headers.get('content-length')) > 1000);
});

test('a cat is painted by POST alone, and only where there is a spooler', async () => {
  const looked = await fetch(`${base}/cats/nori/paint`);
  assert.deepEqual([looked.status, looked.headers.get('allow')], [405, 'POST']);
  const ask = (name: string): Promise<Response> =>
    fetch(`${base}/cats/${name}/paint`, { method: 'POST', redirect: 'manual' });
  assert.equal((await ask('rex')).status, 404);
  const answer = await ask('nori');
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /nobody paints here: .*run tsuwsgi with --spooler DIR/);
});

test('a painting that there is none of is 404, whatever its name', async () => {
  for (const name of ['0123', '0123.svg', '..%2Fapp.js', '', 'x'.repeat(65), '__proto__.json']) {
    assert.equal((await fetch(`${base}/paintings/${name}`)).status, 404, name);
  }
});

test('numbers out of bounds or malformed are 400 and name the bounds', async () => {
  const cases: readonly [string, string][] = [
    ['/slow?s=61', 's must be a number from 0 to 60'],
    ['/slow?s=-1', 's must be a number from 0 to 60'],
    ['/slow?s=', 's must be a number from 0 to 60'],
    ['/block?s=1e1', 's must be a number from 0 to 60'],
    ['/block?s=0x1', 's must be a number from 0 to 60'],
    ['/leak?mb=0', 'mb must be a number from 1 to 256'],
    ['/leak?mb=99999', 'mb must be a number from 1 to 256'],
    ['/stream?s=0', 's must be a number from 0.05 to 60'],
    ['/stream?n=1000000', 'n must be a number from 1 to 100000'],
    ['/cats/..%2Fapp.js', 'the name of a cat is 1 to 20 letters a to z'],
    ['/cats/', 'the name of a cat is 1 to 20 letters a to z'],
  ];
  for (const [target, error] of cases) {
    const answer = await fetch(base + target);
    assert.deepEqual([answer.status, await answer.json()], [400, { error }], target);
  }
});

test('slow leaves the loop free; block does not', async () => {
  const order: string[] = [];
  const ask = async (target: string): Promise<void> => {
    await (await fetch(base + target)).text();
    order.push(target);
  };
  await Promise.all([ask('/slow?s=0.3'), ask('/health')]);
  assert.deepEqual(order, ['/health', '/slow?s=0.3']);
  const before = performance.now();
  assert.deepEqual(await (await fetch(`${base}/block?s=0.2`)).json(), { blocked_s: 0.2 });
  assert.ok(performance.now() - before >= 200);
});

test('throw and reject fail before any answer', async () => {
  assert.equal((await fetch(`${base}/throw`)).status, 500);
  assert.equal((await fetch(`${base}/reject`)).status, 500);
  assert.deepEqual(failures.splice(0), [
    'Error: the cat pushed a glass off the table',
    'Error: the cat thought about it and said no',
  ]);
});

test('leak keeps what it was asked to, for good', async () => {
  const before = process.memoryUsage().arrayBuffers;
  const first = await (await fetch(`${base}/leak?mb=8`)).json();
  const second = await (await fetch(`${base}/leak?mb=4`)).json();
  assert.deepEqual(
    [first, second],
    [
      { leaked_mb: 8, kept_mb: 8 },
      { leaked_mb: 4, kept_mb: 12 },
    ],
  );
  assert.ok(process.memoryUsage().arrayBuffers - before >= 11 * 1024 * 1024);
});

test('stream purrs as server-sent events and ends when the count is reached', async () => {
  const answer = await fetch(`${base}/stream?n=3&s=0.05`);
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  const events = (await answer.text()).trim().split('\n\n');
  assert.deepEqual(
    events.map((event) => event.split('\n')[0]),
    ['id: 1', 'id: 2', 'id: 3'],
  );
  assert.deepEqual(JSON.parse(events[2]?.split('data: ')[1] ?? ''), {
    sound: 'meow',
    pid: process.pid,
  });
});

test('health is JSON that no cache keeps', async () => {
  const answer = await fetch(`${base}/health`);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const { ok, pid } = (await answer.json()) as { ok: unknown; pid: unknown };
  assert.deepEqual([ok, pid], [true, process.pid]);
});

test('the ini file names this application and the README every path', () => {
  const read = (name: string): string => fs.readFileSync(path.join(FOLDER, name), 'utf8');
  for (const option of ['module', 'spooler-import']) {
    const [, file = ''] = new RegExp(`^${option} = (.*)$`, 'm').exec(read('catserve.ini')) ?? [];
    assert.ok(file !== '' && fs.existsSync(path.join(FOLDER, file)), option);
  }
  const routes = [...read('app.js').matchAll(/^ {2}'(\/\w+)'/gm)].map((match) => match[1] ?? '');
  assert.equal(routes.length, 8);
  for (const route of routes) assert.ok(read('README.md').includes(`\`${route}`), route);
});

/** The body of an answer to a target that is sent as it is. */
function raw(target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const request = http.get({ port, host: '127.0.0.1', path: target, agent: false }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => (body += text));
      res.on('end', () => {
        resolve(body);
      });
    });
    request.on('error', reject);
  });
}
