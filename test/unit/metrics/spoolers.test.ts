import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expose } from '../../../server/metrics/exposition.js';
import { runOf, spoolingMaster } from '../../support/spooling-master.js';

const COUNTS = {
  waiting: 7,
  delayed: 2,
  in_progress: 1,
  failed: 3,
  oldest_age_s: null,
  paused: false,
};

/** The lines of what is told of spoolers and queues, without their heads. */
function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => /^tsuwsgi_(spooler|queue)_/.test(line));
}

test('each spooler is told of by its number and its queue', () => {
  const { master, book, pidOf, document } = spoolingMaster({ processes: 2 });
  book.began(2, pidOf(2), runOf('a'), master.now);
  book.ended(pidOf(2), { id: 'a', how: 'done', ms: 1500 }, master.now);
  book.began(2, pidOf(2), runOf('b'), master.now);
  for (const format of ['text', 'openmetrics'] as const) {
    const lines = linesOf(expose(document(), format));
    const labels = '{spooler_id="2",queue="/srv/jobs"}';
    for (const line of [
      `tsuwsgi_spooler_runs_total${labels} 1`,
      `tsuwsgi_spooler_done_total${labels} 1`,
      `tsuwsgi_spooler_run_seconds_total${labels} 1.5`,
      `tsuwsgi_spooler_running${labels} 1`,
      `tsuwsgi_spooler_harakiris_total${labels} 0`,
      'tsuwsgi_spooler_runs_total{spooler_id="1",queue="/srv/jobs"} 0',
    ]) {
      assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
    }
  }
});

test('a queue is told of once, however many spoolers it has', () => {
  const { master, book, document } = spoolingMaster({ processes: 3 });
  book.counted(0, COUNTS, master.now);
  const lines = linesOf(expose(document(), 'text')).filter((line) => line.includes('_queue_'));
  assert.deepEqual(lines.sort(), [
    'tsuwsgi_queue_paused{queue="/srv/jobs"} 0',
    'tsuwsgi_queue_tasks_delayed{queue="/srv/jobs"} 2',
    'tsuwsgi_queue_tasks_failed{queue="/srv/jobs"} 3',
    'tsuwsgi_queue_tasks_in_progress{queue="/srv/jobs"} 1',
    'tsuwsgi_queue_tasks_waiting{queue="/srv/jobs"} 7',
  ]);
});

test('what nobody has counted has no sample, and no zero', () => {
  const text = expose(spoolingMaster().document(), 'text');
  assert.doesNotMatch(text, /tsuwsgi_queue_/);
});

test('the folder of a queue cannot end its label', () => {
  const text = expose(spoolingMaster({}, ['/srv/"\n\\']).document(), 'text');
  assert.match(text, /^tsuwsgi_spooler_runs_total\{spooler_id="1",queue="\/srv\/\\"\\n\\\\"\} 0$/m);
});
