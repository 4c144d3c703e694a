import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecodedInstance } from '../../../shared/stats.js';
import type { Model } from '../../../top/model/model.js';
import { markedIndex, requestRows, shownRequests } from '../../../top/model/request-list.js';
import { selectionState } from '../../../top/model/table-state.js';
import { instanceAt, keys, play, start, tick, typed } from '../../support/dashboard.js';
import { busyCore, idleCore, instance, NOW, worker } from '../../support/stats-builder.js';
import { uwsgiInstance } from '../../support/uwsgi-documents.js';

const after = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;

const two = (): DecodedInstance =>
  instance([
    worker(1, { cores: [busyCore(0, 'GET', '/cats', 1), busyCore(1, 'POST', '/slow', 9)] }),
    worker(2, { cores: [idleCore(0), busyCore(3, 'PUT', '/dogs', 4)] }),
  ]);

const shown = (document: DecodedInstance, width = 80, height = 24): Model =>
  after(play(start(width, height), [tick(1), instanceAt(1, document)]).model, '3');

const uris = (model: Model): string[] => shownRequests(model).map(({ request }) => request.uri);
const marked = (model: Model): string | undefined => {
  const list = shownRequests(model);
  return list[markedIndex(model, list)]?.request.uri;
};

test('the requests of all workers stand in one list, oldest first', () => {
  assert.deepEqual(uris(shown(two())), ['/slow', '/dogs', '/cats']);
});

test('a real uWSGI lists what its cores serve', () => {
  const model = shown(uwsgiInstance());
  assert.ok(shownRequests(model).length > 0);
  for (const { request } of shownRequests(model)) assert.notEqual(request.uri, '');
});

test('the mark stays with its request while others begin, end and pass it', () => {
  const model = after(shown(two()), 'down', 'down');
  assert.equal(marked(model), '/dogs');
  const later = instance([
    worker(1, { cores: [busyCore(0, 'GET', '/older', 60), busyCore(1, 'GET', '/old', 50)] }),
    worker(2, { cores: [busyCore(2, 'GET', '/new', 0), busyCore(3, 'PUT', '/dogs', 4)] }),
  ]);
  const { model: next } = play(model, [instanceAt(1001, later)]);
  assert.deepEqual(uris(next), ['/older', '/old', '/dogs', '/new']);
  assert.equal(marked(next), '/dogs');
  assert.equal(marked(after(next, 'up')), '/old');
});

test('when its request ended, the mark is on no other, not on the next one of that core', () => {
  const model = after(shown(two()), 'down', 'down');
  const next = instance([
    worker(1, { cores: [busyCore(0, 'GET', '/cats', 1), busyCore(1, 'POST', '/slow', 9)] }),
    worker(2, { cores: [busyCore(3, 'PUT', '/dogs', 0)] }),
  ]);
  const { model: gone } = play(model, [instanceAt(1001, next)]);
  assert.equal(marked(gone), undefined);
  assert.equal(marked(after(gone, 'down')), '/cats');
  assert.equal(marked(after(gone, 'up')), '/slow');
});

test('without a start, another request of the same core is told by what it asks for', () => {
  const of = (uri: string): DecodedInstance => {
    const core = { ...busyCore(0, 'GET', uri, 0), req_info: {} };
    return instance([worker(1, { cores: [core] })]);
  };
  const model = after(shown(of('/one')), 'down');
  assert.equal(marked(play(model, [instanceAt(1001, of('/one'))]).model), '/one');
  assert.equal(marked(play(model, [instanceAt(1001, of('/two'))]).model), undefined);
});

test('the filter finds workers, peers, methods and URIs, and is that of this list', () => {
  const found = (text: string): string[] => uris(after(shown(two()), '/', ...typed(text), 'enter'));
  assert.deepEqual(found('post'), ['/slow']);
  assert.deepEqual(found('PUT /do'), ['/dogs']);
  assert.deepEqual(found('127.0.0.1').length, 3);
  assert.deepEqual(found('zebra'), []);
  assert.equal(after(shown(two()), '/', 'x', 'enter').table.filter.text, '');
});

test('Enter and w show the worker of the marked request, marked in the table', () => {
  for (const key of ['enter', 'w']) {
    const model = after(shown(two()), 'down', 'down', key);
    assert.equal(model.screen, 'workers');
    assert.equal(model.table.selection?.identity.worker, 2);
    assert.equal(selectionState(model), 'shown');
  }
  const none = after(shown(two()), 'enter');
  assert.equal(none.screen, 'requests');
  assert.match(none.hint?.text ?? '', /^mark a request first/);
});

test('a jump to a worker that the filter of the table hides says so', () => {
  const hidden = after(shown(two()), '2', '/', ...typed('/slow'), 'enter', '3', 'G', 'k', 'enter');
  assert.equal(selectionState(hidden), 'hidden');
  assert.match(hidden.hint?.text ?? '', /worker 2 is hidden by the filter/);
});

test('a long list scrolls with its mark and has a last page', () => {
  const cores = Array.from({ length: 100 }, (_, id) => busyCore(id, 'GET', `/${id}`, 100 - id));
  const model = shown(instance([worker(1, { cores, in_flight: 100 })]));
  const bottom = after(model, 'end');
  assert.equal(marked(bottom), '/99');
  assert.equal(bottom.requestList.top, 100 - requestRows(model));
  assert.equal(marked(after(bottom, 'home', 'pagedown')), `/${requestRows(model) - 1}`);
  assert.equal(marked(after(model, 'up')), '/99');
  const small = play(bottom, [{ type: 'resize', width: 40, height: 10 }]).model;
  assert.equal(small.requestList.top, 95);
  const fewer = play(bottom, [instanceAt(1001, instance([worker(1)], { time: NOW + 1 }))]).model;
  assert.equal(fewer.requestList.top, 0);
});
