import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spoolerRows, spoolersRows } from '../../../top/model/spooler-block.js';

/** One of ours, as the stats tell it. */
const OURS = {
  ...{ dir: '/srv/jobs', pid: 7, tasks: 6, respawns: 1, running: 1, queue: '/srv/jobs', done: 3 },
  ...{ waiting: 1200, delayed: 0, in_progress: 1, failed: 1, oldest_age_s: 4.5 },
  running_tasks: [{ id: 'abcdef', name: 'paint', age_s: 65, attempt: 2, progress: 0.25 }],
};

function texts(spooler: Parameters<typeof spoolerRows>[0]): string[] {
  return spoolerRows(spooler).map((row) => JSON.stringify(row));
}

test('a run is not taken for a task that is done', () => {
  const [first = ''] = texts(OURS);
  assert.match(first, /runs a task · pid 7 · 6 runs, 3 tasks done · 1 respawns/);
});

test('what a queue holds and what is run stand below, how far that is with it', () => {
  const [, queue = '', run = ''] = texts(OURS);
  assert.match(queue, /1 failed · 1,200 waiting · 0 delayed · 1 in progress/);
  assert.match(run, /paint abcdef · for 1m05s · attempt 2 · 25 %/);
});

test('what is not known of a queue is a dash, and no zero', () => {
  const [, queue = ''] = texts({ ...OURS, waiting: null, failed: null });
  assert.match(queue, /– failed · – waiting/);
});

test('of many tasks the first are shown, and how many more there are', () => {
  const [one] = OURS.running_tasks;
  const all = Array.from({ length: 9 }, (_, at) => ({ ...one!, id: `id${at}` }));
  const rows = texts({ ...OURS, running_tasks: all });
  assert.equal(rows.length, 2 + 5 + 1);
  assert.match(rows.at(-1) ?? '', /and 4 more/);
});

test('a name with control characters cannot draw on the screen', () => {
  const [one] = OURS.running_tasks;
  const rows = texts({ ...OURS, running_tasks: [{ ...one!, name: 'a\u001b[2Jb' }] });
  assert.doesNotMatch(rows.join(''), /\\u001b/);
});

test('what a queue holds is told once, however many spoolers work for it', () => {
  const text = spoolersRows([OURS, { ...OURS }, { ...OURS, queue: '/srv/mail' }]).map(
    (row) => row.text,
  );
  assert.equal(text.filter((line) => line.includes('1,200 waiting')).length, 2);
  assert.equal(text.filter((line) => line.includes('paint abcdef')).length, 3);
});

test('a queue that is paused says so before all else', () => {
  const [, queue = ''] = texts({ ...OURS, paused: 1, failed: 0 });
  assert.match(queue, /"paused · 0 failed/);
  assert.match(queue, /attention/);
});
