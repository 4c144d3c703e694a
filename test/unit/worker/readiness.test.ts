import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  exportedReady,
  hearReady,
  untilReady,
} from '../../../server/worker/application/readiness.js';

const never = new AbortController().signal;
const silent = { said: new Promise<void>(() => undefined) };

/** What `process` of a worker is to an application. */
function target() {
  const process: { send?: (message: unknown, ...rest: unknown[]) => boolean } = {};
  const heard = hearReady(process);
  return { send: (...args: [unknown, ...unknown[]]) => process.send?.(...args), heard };
}

describe('an application that is waited for', () => {
  test("is ready when it sends 'ready', as to PM2", async () => {
    const { send, heard } = target();
    const ready = untilReady(heard, Promise.resolve({}), never);
    assert.equal(send({ type: 'something else' }), true);
    assert.equal(await Promise.race([ready, Promise.resolve('not yet')]), 'not yet');
    assert.equal(send('ready'), true);
    await ready;
  });

  test('has the callback of its message called', async () => {
    const { send } = target();
    const error = await new Promise((resolve) => send('ready', resolve));
    assert.equal(error, null);
  });

  test('may have sent it before its module was evaluated', async () => {
    const { send, heard } = target();
    send('ready');
    await untilReady(heard, new Promise(() => undefined), never);
  });

  test('is ready when the promise that it exports comes true', async () => {
    let settle: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => (settle = resolve));
    const ready = untilReady(silent, Promise.resolve({ ready: promise }), never);
    assert.equal(await Promise.race([ready, Promise.resolve('not yet')]), 'not yet');
    settle();
    await ready;
  });

  test('fails with what that promise was rejected with', async () => {
    const module = Promise.resolve({ ready: Promise.reject(new Error('no database')) });
    await assert.rejects(untilReady(silent, module, never), /no database/);
  });

  test('fails when it says nothing within the limit, with the remedies', async () => {
    const limit = AbortSignal.abort();
    await assert.rejects(
      untilReady(silent, Promise.resolve({}), limit),
      /process\.send\('ready'\).*promise named ready.*--boot-timeout/,
    );
  });
});

describe('the promise that a module exports as ready', () => {
  test('is found in it or in the object that it exports as default, and no function is called', () => {
    const promise = Promise.resolve();
    assert.equal(exportedReady({ ready: promise }), promise);
    assert.equal(exportedReady({ default: { ready: promise } }), promise);
    const calls: string[] = [];
    assert.equal(exportedReady({ default: { ready: () => calls.push('called') } }), undefined);
    assert.equal(exportedReady({ ready: true }), undefined);
    assert.deepEqual(calls, []);
  });
});
