import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedHosts } from '../../../server/stats/host-check.js';
import { decideRequest, type RequestHead } from '../../../server/stats/http-answers.js';

const BODY = Buffer.from('{"workers":[]}');

function decide(head: Partial<RequestHead>): ReturnType<typeof decideRequest> {
  const whole: RequestHead = {
    method: 'GET',
    target: '/',
    httpVersion: '1.1',
    hosts: ['localhost'],
    origin: undefined,
    webSocket: false,
    ...head,
  };
  return decideRequest(whole, allowedHosts([]), () => BODY);
}

function status(head: Partial<RequestHead>): number {
  const decision = decide(head);
  assert.notEqual(decision, 'live');
  return decision === 'live' ? 0 : decision.status;
}

for (const target of ['/', '/stats', '/stats?pretty=1', 'http://localhost:9191/stats']) {
  test(`GET ${target} gives the document, never from a cache`, () => {
    const answer = decide({ target });
    assert.ok(answer !== 'live');
    assert.equal(answer.body, BODY);
    assert.equal(answer.headers['Content-Type'], 'application/json');
    assert.equal(answer.headers['Cache-Control'], 'no-store');
  });
}

for (const target of ['/metrics', '/healthz', '/stats/', '//stats', '/LIVE']) {
  test(`GET ${target} is not found, and the answer says what is there`, () => {
    const answer = decide({ target });
    assert.ok(answer !== 'live');
    assert.equal(answer.status, 404);
    assert.match(answer.body.toString(), /\/stats.*\/live/);
  });
}

for (const target of ['*', '', 'stats', 'ftp://localhost/', 'http://']) {
  test(`the target "${target}" is a bad request`, () => {
    assert.equal(status({ target }), 400);
  });
}

for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
  test(`${method} is not allowed`, () => {
    const answer = decide({ method });
    assert.ok(answer !== 'live');
    assert.equal(answer.status, 405);
    assert.equal(answer.headers['Allow'], 'GET, HEAD');
  });
}

test('a foreign Host is misdirected, whatever the path, and learns of the option', () => {
  for (const target of ['/', '/live', '/nothing']) {
    const answer = decide({ target, hosts: ['evil.example'], webSocket: true });
    assert.ok(answer !== 'live');
    assert.equal(answer.status, 421);
    assert.match(answer.body.toString(), /--stats-allow-host/);
  }
});

test('a missing Host and a double one are bad requests', () => {
  assert.equal(status({ hosts: [] }), 400);
  assert.equal(status({ hosts: ['localhost', 'localhost'] }), 400);
});

test('a refused request does not cost a document', () => {
  const never = (): Buffer => assert.fail('the document was asked for');
  const head: RequestHead = {
    method: 'GET',
    target: '/nothing',
    httpVersion: '1.1',
    hosts: ['localhost'],
    origin: undefined,
    webSocket: false,
  };
  assert.doesNotThrow(() => decideRequest(head, allowedHosts([]), never));
});

test('the WebSocket is granted at /live only', () => {
  assert.equal(decide({ target: '/live', webSocket: true }), 'live');
  assert.equal(decide({ target: '/live?x', webSocket: true }), 'live');
  assert.equal(status({ target: '/stats', webSocket: true }), 404);
});

test('/live without an upgrade names the protocol that is needed', () => {
  const answer = decide({ target: '/live' });
  assert.ok(answer !== 'live');
  assert.equal(answer.status, 426);
  assert.equal(answer.headers['Upgrade'], 'websocket');
});

test('a page of another site may not open the WebSocket', () => {
  assert.equal(status({ target: '/live', webSocket: true, origin: 'http://evil.example' }), 403);
});
