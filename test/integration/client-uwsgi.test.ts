import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { ClientLog, target } from '../support/client-log.js';
import { freePort, startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { fetchOnce } from '../../top/client/once.js';
import type { DecodedInstance } from '../../shared/stats.js';
import type { ClientEvent } from '../../top/model/client-event.js';

function instanceOf(event: ClientEvent & { readonly type: 'document' }): DecodedInstance {
  assert.equal(event.document.kind, 'instance');
  return (event.document as { instance: DecodedInstance }).instance;
}

const [uvMajor = 0, uvMinor = 0] = process.versions.uv.split('.').map(Number);
const exactNames = uvMajor > 1 || uvMinor >= 48;

describe('a real uWSGI', { skip: WITHOUT_UWSGI, timeout: 60_000 }, () => {
  test('is polled raw over TCP', async () => {
    const port = await freePort();
    await using uwsgi = await startUwsgi(() => ['--stats', `127.0.0.1:${port}`]);
    assert.match(uwsgi.log(), /uWSGI/);
    using log = new ClientLog(`127.0.0.1:${port}`);
    // A worker fills in its own row; one that has only just forked stands there with id 0.
    const event = await log.until('document', (each) =>
      instanceOf(each).workers.every(({ id, status }) => id > 0 && status === 'idle'),
    );
    assert.equal(event.transport, 'raw');
    const instance = instanceOf(event);
    assert.deepEqual(
      instance.workers.map(({ id }) => id),
      [1, 2],
    );
    assert.ok(instance.workers.every(({ pid }) => pid > 0));
    assert.match(instance.version ?? '', /^2\./);
    const second = await log.until('document', () => true, log.events.length);
    assert.equal(second.transport, 'raw');
  });

  test('is polled by HTTP with --stats-http, by its bare address and by its URL', async () => {
    const port = await freePort();
    await using uwsgi = await startUwsgi(() => ['--stats', `127.0.0.1:${port}`, '--stats-http']);
    assert.match(uwsgi.log(), /uWSGI/);
    for (const address of [`127.0.0.1:${port}`, `http://127.0.0.1:${port}`]) {
      using log = new ClientLog(address);
      const event = await log.until('document');
      assert.equal(event.transport, 'http');
      assert.equal(instanceOf(event).workers.length, 2);
      await log.until('document', () => true, log.events.length);
    }
  });

  test('is polled over a unix socket, and seen to go', async () => {
    await using uwsgi = await startUwsgi((folder) => ['--stats', path.join(folder, 'stats.sock')]);
    using log = new ClientLog(path.join(uwsgi.folder, 'stats.sock'));
    assert.equal(instanceOf(await log.until('document')).workers.length, 2);
    await uwsgi[Symbol.asyncDispose]();
    const { message } = await log.until('disconnected');
    assert.match(message, /there is no socket file|nothing listens/);
  });

  test('is polled over an abstract socket, or it is said why this Node cannot', async () => {
    const name = `tsuwsgi-test-${process.pid}`;
    await using uwsgi = await startUwsgi(() => ['--stats', `@${name}`]);
    assert.match(uwsgi.log(), /uWSGI/);
    const fetched = await fetchOnce(target(`@${name}`));
    if (exactNames) {
      assert.ok(fetched.ok, fetched.ok ? '' : fetched.error.message);
      assert.equal(fetched.value.document.kind, 'instance');
    } else {
      assert.ok(!fetched.ok);
      assert.match(
        fetched.error.message,
        /nothing listens on @tsuwsgi-test-\d+ \(Node .* use Node 22/,
      );
    }
  });
});
