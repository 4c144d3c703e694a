import assert from 'node:assert/strict';
import type http from 'node:http';
import { describe, test } from 'node:test';
import { plainPeer } from '../../../server/request-log/client.js';
import { createRequestLog } from '../../../server/request-log/request-log.js';
import type { LogSettings } from '../../../server/request-log/settings.js';
import { ctime } from '../../../server/request-log/times.js';
import { connectRaw, CLOSE, get, startAccounted } from '../../support/accounted-server.js';
import { eventually } from '../../support/eventually.js';

/** uWSGI's default line; what reads one must read the other. */
const LINE =
  /^(?:\{address space usage: (?<vsz>\d+) bytes\/\d+MB\} \{rss usage: (?<rss>\d+) bytes\/\d+MB\} )?\[pid: (?<pid>\d+)\|app: (?<app>-?\d+)\|req: (?<own>\d+)\/(?<all>\d+)\] (?<peer>\S+) \(\) \{(?<vars>\d+) vars in (?<varBytes>\d+) bytes\} \[(?<date>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\] (?<method>\S+) (?<uri>\S+) => generated (?<body>\d+) bytes in (?<ms>\d+) msecs \(HTTP\/(?<version>\d\.\d) (?<status>\d{3})\) (?<headers>\d+) headers in (?<headerBytes>\d+) bytes \((?<switches>\d+) switches on core (?<core>\d+)\)$/;

/** Lines that uWSGI 2.0.21 wrote. */
const UWSGI_LINES = [
  '{address space usage: 62541824 bytes/59MB} {rss usage: 11644928 bytes/11MB} [pid: 11574|app: 0|req: 1/1] 127.0.0.1 () {28 vars in 284 bytes} [Sun Nov 22 06:03:50 2026] GET / => generated 6 bytes in 0 msecs (HTTP/1.1 200) 1 headers in 45 bytes (1 switches on core 0)',
  '{address space usage: 62541824 bytes/59MB} {rss usage: 11943936 bytes/11MB} [pid: 11574|app: 0|req: 2/6] 127.0.0.1 () {28 vars in 299 bytes} [Sun Nov 22 06:03:51 2026] GET /slow?s=4 => generated 6 bytes in 4000 msecs (HTTP/1.1 200) 1 headers in 45 bytes (1 switches on core 0)',
  '{address space usage: 62541824 bytes/59MB} {rss usage: 12201984 bytes/11MB} [pid: 11573|app: 0|req: 6/8] 127.0.0.1 () {28 vars in 290 bytes} [Sun Nov 22 06:03:56 2026] GET /exc => generated 0 bytes in 0 msecs (HTTP/1.1 500) 0 headers in 0 bytes (0 switches on core 0)',
];

const AT = new Date(2026, 10, 2, 6, 3, 50);

/** A log that keeps its lines. */
function keptLog(settings: Partial<LogSettings> = {}) {
  const written: string[] = [];
  let requests = 0;
  const source = {
    ...{ pid: 4711, worker: 1, hasApp: true, memory: () => ({ vsz: 9, rss: 8 }) },
    counts: () => ({ worker: ++requests, total: requests + 10 }),
    wallClock: () => AT.getTime(),
    write: (text: string) => written.push(text),
  };
  const log = createRequestLog(source, {
    ...{ form: { type: 'line' }, inMicros: false, hasMemory: false, only: null, trusted: null },
    ...settings,
  });
  return { log, lines: () => written.join('').split('\n').slice(0, -1), written };
}

function parse(line: string | undefined): Record<string, string | undefined> {
  const groups = LINE.exec(line ?? '')?.groups;
  assert.ok(groups, `not a request line: ${line ?? ''}`);
  return groups;
}

const hello: http.RequestListener = (_request, response) => {
  response.writeHead(201, { 'content-length': 5 }).end('hello');
};

describe('the request log', () => {
  test("has uWSGI's format: one expression reads both", async (t) => {
    for (const line of UWSGI_LINES) parse(line);
    const { log, lines } = keptLog();
    const { port } = await startAccounted(t, hello, { log });
    const text = await connectRaw(port, get('/cats?name=a', CLOSE)).closed();
    await eventually('the line', () => lines().length === 1);
    const fields = parse(lines()[0]);
    const head = text.length - 'hello'.length;
    assert.deepEqual(
      { ...fields, ms: undefined, varBytes: undefined },
      {
        vsz: undefined,
        rss: undefined,
        pid: '4711',
        app: '0',
        own: '1',
        all: '11',
        peer: '127.0.0.1',
        vars: '12',
        varBytes: undefined,
        date: 'Mon Nov  2 06:03:50 2026',
        method: 'GET',
        uri: '/cats?name=a',
        body: '5',
        ms: undefined,
        version: '1.1',
        status: '201',
        headers: '3',
        headerBytes: String(head),
        switches: '1',
        core: '0',
      },
    );
  });

  test('counts what was sent of an answer while the loop went on', async (t) => {
    const { log, lines } = keptLog();
    let end = (): void => undefined;
    const { port, accounting } = await startAccounted(
      t,
      (_request, response) => {
        response.writeHead(200, { 'content-length': 8 }).write('half');
        end = () => response.end('half');
      },
      { log },
    );
    const client = connectRaw(port, get('/', CLOSE));
    await client.got(/half$/);
    accounting.beat();
    end();
    await client.closed();
    await eventually('the line', () => lines().length === 1);
    assert.equal(parse(lines()[0])['body'], '8');
  });

  test('begins with the memory under --memory-report', async (t) => {
    const { log, lines } = keptLog({ hasMemory: true });
    const { port } = await startAccounted(t, hello, { log });
    await connectRaw(port, get('/', CLOSE)).closed();
    await eventually('the line', () => lines().length === 1);
    assert.deepEqual([parse(lines()[0])['vsz'], parse(lines()[0])['rss']], ['9', '8']);
  });

  test('cannot be forged, nor drive a terminal, through a URL that was rewritten', async (t) => {
    const { log, lines } = keptLog();
    const { port } = await startAccounted(
      t,
      (request, response) => {
        // Node's parser refuses such bytes; a middleware that decodes the URL lets them in.
        request.url = '/a\n[pid: 1|app: 0|req: 1/1] \r\x1b[2J\x7f\x85\x9b1m\u00e9\u{1f431}';
        response.end();
      },
      { log },
    );
    await connectRaw(port, get('/', CLOSE)).closed();
    await eventually('the line', () => lines().length > 0);
    assert.equal(lines().length, 1);
    assert.equal(
      parse(lines()[0])['uri'],
      '/a\\x0a[pid:\\x201|app:\\x200|req:\\x201/1]\\x20\\x0d\\x1b[2J\\x7f\\x85\\x9b1m\u00e9\u{1f431}',
    );
  });

  test('writes the lines of one turn of the loop together', async (t) => {
    const { log, written, lines } = keptLog();
    const { port, settled } = await startAccounted(t, hello, { log });
    await connectRaw(port, get('/1') + get('/2') + get('/3', CLOSE)).closed();
    await settled(3);
    await eventually('three lines', () => lines().length === 3);
    assert.deepEqual(
      lines().map((line) => parse(line)['uri']),
      ['/1', '/2', '/3'],
    );
    assert.ok(written.every((text) => text.endsWith('\n')));
  });

  test('flushes once what it holds', async (t) => {
    const { log, written } = keptLog();
    const { port } = await startAccounted(t, hello, {
      log: {
        request: (logged) => {
          log.request(logged);
          log.flush();
          log.flush();
        },
        refused: () => undefined,
        flush: () => {
          log.flush();
        },
      },
    });
    await connectRaw(port, get('/', CLOSE)).closed();
    await eventually('the line', () => written.length > 0);
    assert.equal(written.length, 1);
  });

  test('names a client that has left', async (t) => {
    const { log, lines } = keptLog();
    const held: http.ServerResponse[] = [];
    const { port } = await startAccounted(t, (_request, response) => void held.push(response), {
      log,
    });
    const client = connectRaw(port, get('/'));
    await eventually('the request', () => held.length === 1);
    client.socket.destroy();
    await eventually('the line', () => lines().length === 1);
    const { peer, body, headers, status } = parse(lines()[0]);
    assert.deepEqual(
      { peer, body, headers, status },
      { peer: '127.0.0.1', body: '0', headers: '0', status: '499' },
    );
  });

  test("gives time as C's ctime, and an IPv4 client of a dual-stack socket as such", () => {
    assert.equal(ctime(new Date(2026, 0, 31, 23, 59, 9)), 'Sat Jan 31 23:59:09 2026');
    assert.equal(plainPeer('::ffff:10.0.0.1'), '10.0.0.1');
    assert.equal(plainPeer('2001:db8::1'), '2001:db8::1');
  });
});
