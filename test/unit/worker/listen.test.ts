import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import {
  NOTHING_ASKED,
  readListenArguments,
  type Wanted,
} from '../../../server/worker/application/listen-arguments.js';
import { answerToListen, type Situation } from '../../../server/worker/application/listen-rule.js';
import { pretendToListen } from '../../../server/worker/application/pretend-listening.js';

const callback = (): void => undefined;

test('every signature of listen() is read', () => {
  const { signal } = new AbortController();
  const cases: readonly [readonly unknown[], Partial<Wanted>][] = [
    [[], {}],
    [[callback], { callback: [callback] }],
    [[3000], { port: 3000 }],
    [['3000'], { port: 3000 }],
    [[3000, '::1', 10, callback], { port: 3000, callback: [callback] }],
    [[null, callback], { callback: [callback] }],
    [['/run/app.sock', callback], { callback: [callback] }],
    [[{ port: 3000, host: 'localhost', signal }], { port: 3000, signal }],
    [[{ port: '80' }, callback], { port: 80, callback: [callback] }],
    [[{ path: '/run/app.sock' }], {}],
    [[{ fd: 3 }, 10], {}],
    [[{ port: undefined, host: '127.0.0.1' }], { portLeftOpen: true }],
  ];
  for (const [args, wanted] of cases) {
    assert.deepEqual(readListenArguments(args), { ...NOTHING_ASKED, ...wanted });
  }
});

const situation = (changes: Partial<Situation>): Situation => ({
  phase: 'free',
  publicPort: 8000,
  takeFirst: true,
  askedPort: undefined,
  sameApplication: false,
  ...changes,
});
const asking = (port?: number): Wanted => ({ ...NOTHING_ASKED, port });

test('the first listen() is given the socket; where an export is named, only on the public port', () => {
  assert.equal(answerToListen(asking(3000), situation({})), 'give');
  assert.equal(answerToListen(asking(), situation({})), 'give');
  assert.equal(answerToListen(asking(3000), situation({ takeFirst: false })), 'own');
  assert.equal(answerToListen(asking(8000), situation({ takeFirst: false })), 'give');
});

test('a later listen() is done when it asks for the same port, by either number', () => {
  const taken = situation({ phase: 'taken', askedPort: 3000 });
  assert.equal(answerToListen(asking(3000), taken), 'pretend');
  assert.equal(answerToListen(asking(8000), taken), 'pretend');
  assert.equal(answerToListen(asking(9100), taken), 'own');
  assert.equal(answerToListen(asking(), taken), 'own');
});

test('port 0 is never the same port twice', () => {
  const taken = situation({ phase: 'taken', askedPort: 0, publicPort: 0 });
  assert.equal(answerToListen(asking(0), taken), 'own');
});

test('the socket that is kept for an export goes to its server alone', () => {
  const keptForIt = situation({ phase: 'kept for it' });
  assert.equal(answerToListen(asking(3000), keptForIt), 'give');
  const kept = situation({ phase: 'kept' });
  assert.equal(answerToListen(asking(3000), kept), 'own');
  assert.equal(answerToListen(asking(8000), kept), 'pretend');
  const same = situation({ phase: 'kept', sameApplication: true });
  assert.equal(answerToListen(asking(3000), same), 'pretend');
});

test('a server that was closed and listens again gets a port of its own', () => {
  assert.equal(answerToListen(asking(8000), situation({ phase: 'its own again' })), 'own');
});

test("on a unix socket Fastify's second address is done, which asks for no port", () => {
  const second = { ...asking(), portLeftOpen: true };
  const unix = situation({ phase: 'taken', publicPort: undefined, askedPort: 3000 });
  assert.equal(answerToListen(second, unix), 'pretend');
  assert.equal(answerToListen(second, situation({ phase: 'taken' })), 'own');
});

test('a server that pretends to listen looks like one until it is closed', async () => {
  const server = http.createServer();
  const events: string[] = [];
  server.on('listening', () => events.push('listening'));
  server.on('close', () => events.push('close'));
  pretendToListen(server, '/run/app.sock', [() => events.push('callback')]);
  assert.deepEqual([server.listening, server.address()], [true, '/run/app.sock']);
  await new Promise(setImmediate);
  const error = await new Promise<unknown>((resolve) => server.close(resolve));
  assert.equal(error, undefined);
  assert.deepEqual(events, ['listening', 'callback', 'close']);
  assert.deepEqual([server.listening, server.address()], [false, null]);
});
