import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StatsDocument } from '../../../shared/stats.js';
import { documentOf, measuredWith, WALL_MS } from '../../support/built-document.js';
import { MasterDriver } from '../../support/master-driver.js';
import { runOf, spoolingMaster } from '../../support/spooling-master.js';
import { assertValid } from '../../support/stats-schema.js';

const COUNTS = {
  waiting: 7,
  delayed: 2,
  in_progress: 1,
  failed: 3,
  oldest_age_s: 4.5,
  paused: false,
};

function first({ spoolers: [spooler] }: StatsDocument) {
  assert.ok(spooler);
  return spooler;
}

describe('spoolers in the stats document', () => {
  test("begin with uWSGI's keys in uWSGI's order", () => {
    const { document } = spoolingMaster();
    const keys = Object.keys(first(document())).slice(0, 5);
    assert.deepEqual(keys, ['dir', 'pid', 'tasks', 'respawns', 'running']);
  });

  test('are an empty list without --spooler', () => {
    assert.deepEqual(documentOf(new MasterDriver(1)).spoolers, []);
  });

  test('tell what each one runs and has run', () => {
    const { master, book, pidOf, document } = spoolingMaster({ processes: 2 });
    const began = master.now;
    book.began(1, pidOf(1), runOf('a1', 'resize', 2), began);
    book.progress(pidOf(1), 'a1', 0.5);
    book.began(2, pidOf(2), runOf('b1'), began);
    book.ended(pidOf(2), { id: 'b1', how: 'done', ms: 12 }, began);
    book.began(2, pidOf(2), runOf('b2'), began);
    book.ended(pidOf(2), { id: 'b2', how: 'retried', ms: 8 }, began);
    master.wait(1500);
    const [one, two] = document().spoolers;
    assert.deepEqual(one?.running_tasks, [
      { id: 'a1', name: 'resize', age_s: 1.5, attempt: 2, progress: 0.5 },
    ]);
    assert.deepEqual([one.running, one.tasks, one.done], [1, 0, 0]);
    assert.deepEqual([two?.running, two?.tasks, two?.done], [0, 2, 1]);
    assert.deepEqual([two?.latency.count, two?.latency.sum_us], [2, 20_000]);
    assertValid(document());
  });

  test('tell what their queue holds as long as somebody has counted it lately, and nothing else', () => {
    const { master, book, document } = spoolingMaster({}, ['/srv/jobs', '/srv/mails']);
    const unknown = { waiting: null, delayed: null, in_progress: null, failed: null };
    book.counted(1, COUNTS, master.now);
    const [jobs, mails] = document().spoolers;
    assert.deepEqual({ ...jobs, ...unknown, oldest_age_s: null, paused: null }, jobs);
    assert.deepEqual({ ...mails, ...COUNTS, paused: 0 }, mails);
    assert.deepEqual([jobs?.queue, mails?.queue], ['/srv/jobs', '/srv/mails']);
    master.wait(10_001);
    assert.deepEqual(document().spoolers[1]?.waiting, null);
    assertValid(document());
  });

  test('tell how the last process ended, what it wrote last, and that the next one waits', () => {
    const { master, document } = spoolingMaster();
    const exit = (pid: number, stderr: readonly string[]) =>
      master.post({
        ...{ type: 'spooler-exited', pid, code: 1, signal: null, signalNumber: null, stderr },
      });
    for (let pid = 5001; pid < 5004; pid++) {
      exit(pid, []);
      master.post({ type: 'spooler-spawned', spooler: 1, pid: pid + 1 });
    }
    exit(5004, ['no cat', 'in this picture']);
    const spooler = first(document());
    assert.deepEqual([spooler.state, spooler.pid, spooler.respawns], ['backoff', 0, 3]);
    assert.deepEqual(spooler.last_exit, {
      ...{ pid: 5004, code: 1, signal: null, reason: 'crash' },
      ...{ at: Math.floor((WALL_MS + master.now) / 1000), stderr: ['no cat', 'in this picture'] },
    });
    assertValid(document());
  });

  test('take memory that is measured, or none that is invented', () => {
    const { document, pidOf } = spoolingMaster();
    assert.deepEqual([first(document()).rss, first(document()).cpu], [0, null]);
    const measured = (pid: number) =>
      pid === pidOf(1) ? measuredWith({ rss: 33e6, cpu: 2 }) : undefined;
    const spooler = first(document({ measured }));
    assert.deepEqual([spooler.rss, spooler.cpu], [33e6, 2]);
  });
});
