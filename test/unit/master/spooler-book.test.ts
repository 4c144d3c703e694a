import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpoolerBook } from '../../../server/master/decide/spoolers/spooler-book.js';

const run = (id: string, timeoutMs: number | null = null) => ({
  ...{ id, name: 'resize', attempt: 1, timeoutMs },
});

test('what a spooler has done is counted over all its processes', () => {
  const book = createSpoolerBook();
  book.began(1, 10, run('a'), 0);
  book.ended(10, { id: 'a', how: 'done', ms: 5 }, 500);
  book.retire(10);
  book.began(1, 11, run('b'), 1000);
  book.ended(11, { id: 'b', how: 'failed', ms: 7 }, 1500);
  const { ended, done, sumMicros, buckets, running } = book.figures(1, 2000);
  assert.deepEqual([ended, done, sumMicros, running], [2, 1, 12_000, []]);
  assert.equal(
    buckets.reduce((sum, [, runs]) => sum + runs, 0),
    2,
  );
  assert.equal(book.figures(2, 2000).ended, 0);
});

test('the rate is that of the last ten seconds', () => {
  const book = createSpoolerBook();
  for (let count = 0; count < 20; count++) {
    book.began(1, 10, run(`${count}`), 0);
    book.ended(10, { id: `${count}`, how: 'done', ms: 1 }, 500);
  }
  assert.equal(book.figures(1, 900).rate, 0, 'the second is not over');
  assert.equal(book.figures(1, 1000).rate, 2);
  assert.equal(book.figures(1, 12_000).rate, 0);
});

test('a run is overdue by harakiri, or some time after its own timeout', () => {
  const book = createSpoolerBook();
  book.began(1, 10, run('a'), 0);
  book.began(2, 20, run('b', 1000), 0);
  assert.deepEqual(book.overdue(0, 5999), []);
  assert.deepEqual(
    book.overdue(0, 6000).map(({ pid, limit }) => [pid, limit]),
    [[20, 'and did not end after its timeout of 1']],
  );
  assert.deepEqual(
    book.overdue(2000, 2000).map(({ pid, id, ageMs }) => [pid, id, ageMs]),
    [
      [10, 'a', 2000],
      [20, 'b', 2000],
    ],
  );
  assert.equal(book.nextOverdue(2000, 1999), 2000);
  assert.equal(book.nextOverdue(7000, 1999), 6000);
  assert.equal(book.nextOverdue(7000, 6000), 7000);
  assert.equal(book.nextOverdue(0, 6000), Infinity);
  book.retire(10);
  book.retire(20);
  assert.deepEqual(book.overdue(1, 9999), [], 'what is gone is not killed');
});

test('counts of a queue are not shown when they are old', () => {
  const book = createSpoolerBook();
  const counts = {
    waiting: 1,
    delayed: 0,
    in_progress: 0,
    failed: 0,
    oldest_age_s: 2,
    paused: false,
  };
  assert.equal(book.counts(0, 0), null);
  book.counted(0, counts, 1000);
  assert.equal(book.counts(0, 11_000), counts);
  assert.equal(book.counts(0, 11_001), null);
});

test('what is told of a process or a run that is not known changes nothing', () => {
  const book = createSpoolerBook();
  book.progress(1, 'a', 0.5);
  book.ended(1, { id: 'a', how: 'done', ms: 1 }, 0);
  assert.equal(book.figures(1, 0).ended, 0);
});
