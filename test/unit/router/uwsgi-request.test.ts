import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForeignBackend } from '../../../server/router/foreign.js';
import type { Peer } from '../../../server/router/forwarded.js';
import { askedOf } from '../../../server/router/asked.js';
import { requestHead } from '../../../server/router/request-head.js';
import {
  uwsgiPacket,
  uwsgiPacketLater,
  uwsgiVariables,
} from '../../../server/router/uwsgi-request.js';
import { encodePacket } from '../../../server/uwsgi/encode-packet.js';
import { createPacketReader } from '../../../server/uwsgi/packet.js';

const PEER: Peer = {
  ...{ address: '192.0.2.7', port: 4711, localPort: 8000 },
  ...{ isTrusted: false, isEncrypted: false, certificate: '' },
};

const UWSGI: ForeignBackend = {
  ...{ name: 'uwsgi:///a', protocol: 'uwsgi' },
  at: { kind: 'unix', path: '/a' },
};

function headOf(url: string, rawHeaders: readonly string[], peer = PEER) {
  const head = requestHead({ method: 'POST', url, httpVersionMinor: 1, rawHeaders }, peer, null);
  assert.ok(head !== null);
  return head;
}

function variablesOf(
  url: string,
  rawHeaders: readonly string[],
  peer = PEER,
): Record<string, string> {
  return Object.fromEntries(uwsgiVariables(headOf(url, rawHeaders, peer).text, peer));
}

test('a request has the variables that the router of uWSGI gives', () => {
  const fields = ['Host', 'cats.example:80', 'Content-Length', '3', 'Content-Type', 'text/plain'];
  const variables = variablesOf('/a%20cat?b=c%20d', [...fields, 'X-Cat', 'suki']);
  const expected = {
    ...{ REQUEST_METHOD: 'POST', REQUEST_URI: '/a%20cat?b=c%20d', PATH_INFO: '/a cat' },
    ...{ QUERY_STRING: 'b=c%20d', SCRIPT_NAME: '', SERVER_PROTOCOL: 'HTTP/1.1' },
    ...{ SERVER_NAME: 'cats.example', SERVER_PORT: '8000', UWSGI_ROUTER: 'http' },
    ...{ REMOTE_ADDR: '192.0.2.7', REMOTE_PORT: '4711', CONTENT_LENGTH: '3' },
    ...{ CONTENT_TYPE: 'text/plain', HTTP_HOST: 'cats.example:80', HTTP_X_CAT: 'suki' },
    ...{ HTTP_X_FORWARDED_FOR: '192.0.2.7', HTTP_X_FORWARDED_PROTO: 'http' },
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(variables[name], value, name);
  assert.equal(variables['HTTPS'], undefined);
  assert.equal(variables['HTTP_CONTENT_LENGTH'], undefined);
});

test('a packet is read again as it was written', () => {
  const variables = uwsgiVariables(headOf('/caf%c3%a9', ['Host', 'a', 'X-B', '\xff']).text, PEER);
  const packet = encodePacket(variables);
  assert.ok(packet !== null);
  const reader = createPacketReader({ bufferSize: 65_535, maxVars: 64 });
  const read = reader.push(Buffer.concat([packet, Buffer.from('body')]));
  assert.ok(read?.ok === true && read.value.kind === 'request');
  assert.deepEqual(read.value.variables, variables);
  assert.equal(read.value.rest.toString(), 'body');
});

test('lines of a name become one variable, as CGI wants it', () => {
  const cookies = ['Cookie', 'a=1', 'Cookie', 'b=2', 'Accept', 'x', 'accept', 'y'];
  const variables = variablesOf('/', ['Host', 'a', ...cookies]);
  assert.equal(variables['HTTP_COOKIE'], 'a=1; b=2');
  assert.equal(variables['HTTP_ACCEPT'], 'x, y');
});

test('no field can pass for another one, or for the setting of a client of HTTP', () => {
  const variables = variablesOf('/', ['Host', 'a', 'X_Cat', 'evil', 'X-Cat', 'good', 'Proxy', 'p']);
  assert.equal(variables['HTTP_X_CAT'], 'good');
  assert.equal(variables['HTTP_PROXY'], undefined);
});

test('the client of a trusted peer is the one that it names, and came as it says', () => {
  const forwarded = ['X-Forwarded-For', '198.51.100.1, 203.0.113.9', 'X-Forwarded-Proto', 'https'];
  const fields = ['Host', 'a', ...forwarded];
  const trusted = variablesOf('/', fields, { ...PEER, isTrusted: true });
  assert.equal(trusted['REMOTE_ADDR'], '203.0.113.9');
  assert.equal(trusted['REMOTE_PORT'], undefined);
  assert.equal(trusted['HTTPS'], 'on');
  const stranger = variablesOf('/', fields);
  assert.equal(stranger['REMOTE_ADDR'], '192.0.2.7');
  assert.equal(stranger['HTTPS'], undefined);
});

test('the packet of a body in chunks says its length, and nothing of chunks', () => {
  const head = headOf('/', ['Host', 'a', 'Transfer-Encoding', 'chunked']);
  const packet = uwsgiPacketLater(head, PEER);
  assert.ok(packet.ok);
  const reader = createPacketReader({ bufferSize: 65_535, maxVars: 64 });
  const read = reader.push(packet.value(4711));
  assert.ok(read?.ok === true && read.value.kind === 'request');
  const variables = Object.fromEntries(read.value.variables);
  assert.equal(variables['CONTENT_LENGTH'], '4711');
  assert.equal(variables['HTTP_TRANSFER_ENCODING'], undefined);
});

test('a head that no packet holds is refused, before its body in chunks is known', () => {
  const fields = ['Host', 'a', 'Transfer-Encoding', 'chunked'];
  const refused = uwsgiPacketLater(headOf('/', [...fields, 'X', 'x'.repeat(65_536)]), PEER);
  assert.ok(!refused.ok && refused.error.status === 431);
  const tooLarge = uwsgiPacket(headOf('/', ['Host', 'a', 'X-Large', 'x'.repeat(65_536)]), PEER);
  assert.ok(!tooLarge.ok && tooLarge.error.status === 431);
});

test('a packet is written only where a back end reads one', () => {
  const rawHeaders = ['Host', 'a', 'Transfer-Encoding', 'chunked'];
  const request = { method: 'POST', url: '/', httpVersionMinor: 1, rawHeaders };
  const http: ForeignBackend = { ...UWSGI, name: 'http:///a', protocol: 'http' };
  const asked = askedOf(request, PEER, { upgrade: null, to: [http] });
  assert.ok(asked.ok && asked.value.packet === null && asked.value.head.body === 'chunked');
  assert.equal(asked.value.packetLater, null);
  const mixed = askedOf(request, PEER, { upgrade: null, to: [http, UWSGI] });
  assert.ok(mixed.ok && mixed.value.packet === null && mixed.value.packetLater !== null);
});
