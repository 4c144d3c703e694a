import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tooEarlyForChain } from '../../../../top/client/steering/chain-reload.js';
import { uwsgiInstance, uwsgiWorker } from '../../../support/uwsgi-documents.js';

const late = (id: number) => uwsgiWorker(id, { accepting: 0 });

test('a chain reload is for a uWSGI whose workers all accept', () => {
  const workers = [uwsgiWorker(1), uwsgiWorker(2)];
  assert.equal(tooEarlyForChain(uwsgiInstance({ workers })), null);
});

test('else it is said who does not, why that matters and what to do', () => {
  const one = tooEarlyForChain(uwsgiInstance({ workers: [uwsgiWorker(1), late(2)] })) ?? '';
  assert.match(
    one,
    /^worker 2 does not accept yet, .* passes over such workers: nothing was sent; /,
  );
  assert.match(one, /wait until all accept, or reload them together$/);
  const born = { ...late(2), id: 0, pid: 4711 };
  const two = tooEarlyForChain(uwsgiInstance({ workers: [late(1), born] })) ?? '';
  assert.match(two, /^worker 1, pid 4711 do not accept yet, /);
});

test('a worker that is cheap or has no process is not waited for', () => {
  const cheap = uwsgiWorker(2, { accepting: 0, status: 'cheap' });
  const none = uwsgiWorker(3, { accepting: 0, pid: 0 });
  const workers = [uwsgiWorker(1), cheap, none];
  assert.equal(tooEarlyForChain(uwsgiInstance({ workers })), null);
});
