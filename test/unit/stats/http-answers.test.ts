import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionLimits } from '../../../server/master/decide/recycle-rules.js';
import { allowedHosts } from '../../../server/stats/host-check.js';
import { decideRequest, type RequestHead } from '../../../server/stats/http-answers.js';
import type { PageSource } from '../../../server/stats/pages.js';
import { snapshotOf } from '../../../server/stats/snapshot.js';
import { smallDocument, smallWorker } from '../../support/small-document.js';

const DOCUMENT = smallDocument(1);
const BODY = snapshotOf(DOCUMENT).bytes();
const SOURCE: PageSource = { newest: () => snapshotOf(DOCUMENT), isStopping: () => false };

function decide(head: Partial<RequestHead>, source = SOURCE): ReturnType<typeof decideRequest> {
  const whole: RequestHead = {
    method: 'GET',
    target: '/',
    httpVersion: '1.1',
    hosts: ['localhost'],
    origin: undefined,
    webSocket: false,
    ...head,
  };
  return decideRequest(whole, allowedHosts([]), source);
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
    assert.deepEqual(answer.body, BODY);
    assert.equal(answer.headers['Content-Type'], 'application/json');
    assert.equal(answer.headers['Cache-Control'], 'no-store');
  });
}

for (const target of ['/metrics/', '/health', '/stats/', '//stats', '/LIVE', '/constructor']) {
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
  const never: PageSource = {
    newest: () => assert.fail('the document was asked for'),
    isStopping: () => assert.fail('the state was asked for'),
  };
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

for (const [accept, type] of [
  [undefined, /^text\/plain; version=0\.0\.4/],
  ['*/*', /^text\/plain; version=0\.0\.4/],
  ['application/openmetrics-text', /^application\/openmetrics-text; version=1\.0\.0/],
] as const) {
  test(`GET /metrics with Accept ${accept ?? 'left out'} is served as it asks, from no cache`, () => {
    const answer = decide({ target: '/metrics', accept });
    assert.ok(answer !== 'live');
    assert.equal(answer.status, 200);
    assert.match(answer.headers['Content-Type'] ?? '', type);
    assert.equal(answer.headers['Cache-Control'], 'no-store');
    assert.equal(answer.headers['Vary'], 'Accept');
    assert.match(answer.body.toString(), /^uwsgi_up 1$/m);
  });
}

test('/memory serves the history as JSON, and 404 where none is kept', () => {
  const history = {
    ...{ server: 'tsuwsgi', boot_id: 'b', time: 1, held_s: 0, workers: [] },
    limits: { ...optionLimits(undefined), cgroup: null, cgroup_used: null },
  };
  const answer = decide({ target: '/memory' }, { ...SOURCE, memory: () => history });
  assert.ok(answer !== 'live');
  assert.equal(answer.headers['Content-Type'], 'application/json');
  assert.deepEqual(JSON.parse(answer.body.toString()), history);
  assert.equal(status({ target: '/memory' }), 404);
});

test('/healthz is 200 whatever the workers do, also for a probe that comes by address', () => {
  const answer = decide({ target: '/healthz', hosts: ['10.244.1.7:9191'] });
  assert.ok(answer !== 'live');
  assert.equal(answer.status, 200);
  assert.equal(answer.body.toString(), 'ok\n');
});

test('/readyz is 200 while a worker accepts, and 503 with the reason once the instance stops', () => {
  const app = { id: 0, modifier1: 0, mountpoint: '', startup_time: 0, requests: 0 };
  const loaded = { ...smallWorker(1), apps: [{ ...app, exceptions: 0, chdir: '/' }] };
  const newest = () => snapshotOf({ ...DOCUMENT, workers: [loaded] });
  const ask = (isStopping: boolean): readonly [number, string] => {
    const answer = decide({ target: '/readyz' }, { newest, isStopping: () => isStopping });
    assert.ok(answer !== 'live');
    return [answer.status, answer.body.toString()];
  };
  assert.deepEqual(ask(false), [200, 'ready: 1 of 1 workers accept\n']);
  const [status, line] = ask(true);
  assert.equal(status, 503);
  assert.match(line, /^stopping: [^\n]+\n$/);
});
