import assert from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import { test } from 'node:test';
import { findApplication } from '../../../server/worker/application/exports.js';
import { isPending } from '../../../server/worker/application/pending.js';
import { describe, recognise } from '../../../server/worker/application/shapes.js';

const listener: http.RequestListener = (_req, res) => void res.end();

test('shapes are told apart by what they can do, in a fixed order', () => {
  const server = http.createServer();
  const method = (): void => undefined;
  const cases: readonly [unknown, string | undefined][] = [
    [{ ready: method, routing: method, listen: method, server, callback: method }, 'fastify'],
    [Object.assign((a: unknown) => a, { handle: method }), 'express'],
    [Object.assign(() => undefined, { handle: method }), 'express'],
    [{ callback: method, fetch: method }, 'koa'],
    [server, 'server'],
    [listener, 'listener'],
    [(...args: unknown[]) => args, 'listener'],
    [method.bind(null), 'listener'],
    [{ fetch: method }, 'fetch'],
    [{ handle: method }, undefined],
    [undefined, undefined],
    [null, undefined],
    ['text', undefined],
    [{}, undefined],
  ];
  for (const [value, shape] of cases) assert.equal(recognise(value)?.shape, shape);
});

test('functions that can never see a response are factories, and classes are no listeners', () => {
  const factories: readonly unknown[] = [
    () => 1,
    async () => Promise.resolve(1),
    function build() {
      return 1;
    },
    URL,
  ];
  for (const value of factories) assert.equal(recognise(value), undefined, String(value));
});

test('what cannot be served is described', () => {
  const http2Server = http2.createServer();
  const cases: readonly [unknown, string][] = [
    [null, 'null'],
    [1, 'a number'],
    [[], 'an array'],
    [{}, 'an object without fetch()'],
    [Object.create(null), 'an object without fetch()'],
    [Promise.resolve(), 'a promise'],
    [http2Server, 'a node:http2 server, which is not supported'],
  ];
  for (const [value, text] of cases) assert.equal(describe(value), text);
});

const find = async (namespace: object, exportName?: string) => {
  const spec = exportName === undefined ? { file: 'a.js' } : { file: 'a.js', exportName };
  const found = await findApplication(namespace, spec);
  return found.ok ? found.value.app : found.error;
};

test('the first usable of default, app, application, handler and server is the application', async () => {
  const other: http.RequestListener = (_req, res) => void res.end();
  assert.equal(await find({ app: other, default: listener }), listener);
  assert.equal(await find({ default: { port: 1 }, server: other, app: listener }), listener);
  assert.equal(await find({ default: { default: listener, app: other } }), listener);
  assert.equal(await find({ default: { handler: listener } }), listener);
  assert.equal(await find({ default: Promise.resolve(listener) }), listener);
});

test('a named export is taken from the module or from its module.exports, and no other', async () => {
  assert.equal(await find({ web: listener, default: { web: 1 } }, 'web'), listener);
  assert.equal(await find({ default: { web: listener } }, 'web'), listener);
  assert.equal(
    await find({ default: listener }, 'toString'),
    'a.js has no export "toString", it exports default: write --module a.js:NAME',
  );
  assert.equal(
    await find({}, 'web'),
    'a.js has no export "web", it exports nothing: write --module a.js:NAME',
  );
});

test('something is pending when a kind of resource is there more often than before', () => {
  assert.equal(isPending(['Timeout', 'PipeWrap'], ['PipeWrap', 'Timeout']), false);
  assert.equal(isPending(['Timeout'], []), false);
  assert.equal(isPending(['Timeout'], ['Timeout', 'Timeout']), true);
  assert.equal(isPending([], ['TCPSocketWrap']), true);
});
