import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRequest, type UwsgiRequest } from '../../../server/uwsgi/request-head.js';
import { variablesOf } from '../../support/uwsgi-packet.js';

function requestOf(variables: [string, string][]): UwsgiRequest {
  const request = readRequest(variables);
  assert.ok(request.ok, request.ok ? '' : request.error.reason);
  return request.value;
}

/** The lines of the head. */
function linesOf(further: Record<string, string> = {}, method = 'GET', target = '/'): string[] {
  const { head } = requestOf(variablesOf(method, target, further));
  assert.ok(head.endsWith('\r\n\r\n'));
  return head.slice(0, -4).split('\r\n');
}

function faultOf(further: Record<string, string>, ...twice: [string, string][]) {
  const request = readRequest([...variablesOf('GET', '/', further), ...twice]);
  assert.ok(!request.ok, 'it is refused');
  return request.error;
}

test('a request is its line, its headers, and one that closes the connection', () => {
  assert.deepEqual(linesOf({ HTTP_USER_AGENT: 'curl', HTTP_X_A1_B: ' x ' }, 'GET', '/cats?n=1'), [
    'GET /cats?n=1 HTTP/1.1',
    'Host: cats.example',
    'User-Agent: curl',
    'X-A1-B:  x ',
    'Connection: close',
  ]);
});

test('CONTENT_LENGTH and CONTENT_TYPE win over their copies, and hop-by-hop headers stay outside', () => {
  const lines = linesOf({
    ...{ CONTENT_LENGTH: '5', CONTENT_TYPE: 'text/plain', HTTP_CONTENT_LENGTH: '500' },
    ...{
      HTTP_CONTENT_TYPE: 'x/y',
      HTTP_TRANSFER_ENCODING: 'chunked',
      HTTP_CONNECTION: 'keep-alive',
    },
    ...{
      HTTP_KEEP_ALIVE: '5',
      HTTP_TE: 'trailers',
      HTTP_EXPECT: '100-continue',
      HTTP_UPGRADE: 'h2c',
    },
  });
  assert.deepEqual(lines.slice(2), [
    'Content-Type: text/plain',
    'Content-Length: 5',
    'Connection: close',
  ]);
});

test('a body of unknown length is refused, and a length that is no number', () => {
  assert.equal(faultOf({ HTTP_TRANSFER_ENCODING: 'chunked' }).status, 411);
  for (const CONTENT_LENGTH of ['-3', '3x', '0x10', '3, 5', ' 3', '1'.repeat(16), '1e3']) {
    assert.equal(faultOf({ CONTENT_LENGTH }).reason, 'CONTENT_LENGTH is not a number');
  }
});

test('a variable that decides is there once', () => {
  for (const name of ['CONTENT_LENGTH', 'REQUEST_METHOD', 'REQUEST_URI', 'REMOTE_ADDR', 'HTTPS']) {
    const { status, reason } = faultOf({ [name]: '0' }, [name, '1']);
    assert.equal(status, 400);
    assert.equal(reason, `the variable ${name} is there twice`);
  }
});

test('a header that came twice is two lines, as the client had it: two hosts are for the gate', () => {
  const twice: [string, string][] = [...variablesOf('GET', '/'), ['HTTP_HOST', 'cats.biz']];
  assert.match(requestOf(twice).head, /Host: cats\.example\r\nHost: cats\.biz\r\n/);
});

test('nothing becomes two lines: whatever the variables are, a head has one line for each', () => {
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  const value = fc.string({ unit: fc.oneof(byte, fc.constantFrom('\r', '\n', '\0', ':', ' ')) });
  const name = fc.oneof(
    fc.constantFrom('REQUEST_METHOD', 'REQUEST_URI', 'PATH_INFO', 'QUERY_STRING', 'CONTENT_TYPE'),
    fc.constantFrom('SERVER_PROTOCOL', 'HTTP_UPGRADE', 'HTTP_CONNECTION', 'SCRIPT_NAME'),
    value.map((text) => `HTTP_${text}`),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 4 }), (changes) => {
      const variables = Object.entries({
        ...Object.fromEntries(variablesOf('GET', '/')),
        ...Object.fromEntries(changes),
      });
      const request = readRequest(variables);
      if (!request.ok) return;
      const { head } = request.value;
      assert.doesNotMatch(head.replaceAll('\r\n', ''), /[\r\n\0]/);
      assert.equal(head.indexOf('\r\n\r\n'), head.length - 4);
      const [line = '', ...headers] = head.slice(0, -4).split('\r\n');
      assert.match(line, /^[^ ]+ [^ ]+ HTTP\/1\.[01]$/);
      assert.ok(headers.length <= variables.length + 1);
      for (const header of headers) assert.match(header, /^[^\s:]+: /);
    }),
    { numRuns: 3000 },
  );
});

test('methods, targets and versions that HTTP does not know are refused', () => {
  const refused: [Record<string, string>, number][] = [
    [{ REQUEST_METHOD: '' }, 400],
    [{ REQUEST_METHOD: 'GE T' }, 400],
    [{ REQUEST_METHOD: 'CONNECT' }, 501],
    [{ REQUEST_URI: 'cats' }, 400],
    [{ REQUEST_URI: '/a b' }, 400],
    [{ SERVER_PROTOCOL: 'HTTP/9.9' }, 505],
    [{ SERVER_PROTOCOL: 'HTTP/1.1\r\nX: y' }, 400],
    [{ HTTP_A: 'x\ny' }, 400],
    [{ 'HTTP_A B': 'x' }, 400],
    [{ HTTP_: 'x' }, 400],
  ];
  for (const [further, status] of refused) {
    assert.equal(faultOf(further).status, status, JSON.stringify(further));
  }
});

test('without REQUEST_URI the decoded path is encoded again', () => {
  const decoded = {
    REQUEST_URI: '',
    SCRIPT_NAME: '/app',
    PATH_INFO: '/a b?\xe9',
    QUERY_STRING: 'q=1',
  };
  assert.equal(linesOf(decoded)[0], 'GET /app/a%20b%3F%E9?q=1 HTTP/1.1');
});

test('the version for the application is one that Node has, the answer gets the client’s', () => {
  const over = (SERVER_PROTOCOL: string) => requestOf(variablesOf('GET', '/', { SERVER_PROTOCOL }));
  assert.match(over('HTTP/2.0').head, /^GET \/ HTTP\/1\.1\r\n/);
  assert.equal(over('HTTP/2.0').protocol, 'HTTP/2.0');
  assert.match(over('').head, /^GET \/ HTTP\/1\.0\r\n/);
});

test('the scheme is UWSGI_SCHEME, else HTTPS; the peer is an address or nobody', () => {
  const request = (further: Record<string, string>) => requestOf(variablesOf('GET', '/', further));
  assert.equal(request({ HTTPS: 'on' }).isSecure, true);
  assert.equal(request({ HTTPS: '' }).isSecure, false);
  assert.equal(request({ HTTPS: 'on', UWSGI_SCHEME: 'http' }).isSecure, false);
  assert.equal(request({ UWSGI_SCHEME: 'https' }).isSecure, true);
  assert.deepEqual(request({}).peer, { address: '192.0.2.7', port: 4711 });
  assert.equal(request({ REMOTE_ADDR: 'unix:' }).peer, null);
});

test('magic variables are found and mean nothing; an upgrade is asked for by both headers', () => {
  const magic = requestOf(variablesOf('GET', '/', { UWSGI_SCRIPT: 'x', UWSGI_CHDIR: '/' }));
  assert.deepEqual(magic.magic, ['UWSGI_SCRIPT', 'UWSGI_CHDIR']);
  assert.doesNotMatch(magic.head, /script|chdir/i);
  const lines = linesOf({ HTTP_UPGRADE: 'websocket', HTTP_CONNECTION: 'Upgrade' });
  assert.deepEqual(lines.slice(2), ['Connection: close, Upgrade', 'Upgrade: websocket']);
});
