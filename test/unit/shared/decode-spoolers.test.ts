import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeDocument } from '../../../shared/decode-stats.js';
import { runOf, spoolingMaster } from '../../support/spooling-master.js';

/** What a reader makes of a document whose first spooler says this. */
function read(change: object) {
  const { document, book, master, pidOf } = spoolingMaster();
  book.began(1, pidOf(1), runOf('a1'), master.now);
  const told = document();
  const spoolers = told.spoolers.map((spooler) => ({ ...spooler, ...change }));
  const decoded = decodeDocument(new TextEncoder().encode(JSON.stringify({ ...told, spoolers })));
  assert.ok(decoded.ok && decoded.value.kind === 'instance');
  const { instance, damaged } = decoded.value;
  return { spooler: instance.spoolers?.[0], damaged, told: spoolers[0] };
}

test('a spooler of ours is read whole', () => {
  const { spooler, told, damaged } = read({});
  assert.deepEqual(spooler, told);
  assert.equal(damaged, false);
});

test('what is not known of a queue stays so', () => {
  const { spooler } = read({ waiting: null, oldest_age_s: null });
  assert.deepEqual([spooler?.waiting, spooler?.oldest_age_s], [null, null]);
});

test('a figure that is none is left out, and the rest is read', () => {
  for (const change of [
    { waiting: -1 },
    { failed: 'many' },
    { state: 'dancing' },
    { running_tasks: {} },
    { latency: 7 },
    { last_exit: 'yesterday' },
  ]) {
    const { spooler, damaged } = read(change);
    const [name = ''] = Object.keys(change);
    assert.equal(Reflect.get(spooler ?? {}, name), undefined, name);
    assert.equal(spooler?.queue, '/srv/jobs');
    assert.equal(damaged, true, name);
  }
});

test('a run that is none does not take the others with it', () => {
  const run = { id: 'a1', name: 'resize', age_s: 1, attempt: 1, progress: null };
  const { spooler } = read({ running_tasks: [run, 7, { ...run, id: 'a2', progress: 2 }] });
  assert.deepEqual(spooler?.running_tasks?.[0], run);
});
