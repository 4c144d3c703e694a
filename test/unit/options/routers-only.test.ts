import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInvocation } from '../../../server/options/read.js';

const ALONE = ['--http', ':8000', '--http-to', '/run/app.sock'];

function notes(...argv: readonly string[]): readonly string[] {
  const invocation = readInvocation(argv, '/');
  assert.equal(invocation.kind, 'serve', JSON.stringify(invocation));
  return 'notes' in invocation ? invocation.notes : [];
}

test('what does nothing where routers are all there is, is named in one note', () => {
  const many = ['--harakiri', '30', '--max-requests', '1000', '--harakiri-route', '^/a=5'];
  assert.deepEqual(notes(...ALONE, ...many, '--need-app'), [
    '--need-app, --harakiri, --harakiri-route, --max-requests do nothing here: they are for workers, and with --http-to and without --module there are none',
  ]);
  assert.deepEqual(notes(...ALONE, '--async', '4'), [
    '--async does nothing here: it is for workers, and with --http-to and without --module there are none',
  ]);
});

test('what routers heed too, and what is as it is without being told, is no news', () => {
  assert.deepEqual(notes(...ALONE), []);
  const heeded = ['--worker-stall', '5', '--worker-reload-mercy', '9', '--http-processes', '2'];
  assert.deepEqual(notes(...ALONE, ...heeded, '--harakiri', '0', '--limit-post', '10'), []);
});

test('with an application beside the back ends nothing is said', () => {
  const beside = ['--module', 'app.js', '--socket', '/run/own.sock', '--harakiri', '30'];
  assert.deepEqual(notes(...ALONE, ...beside), []);
});
