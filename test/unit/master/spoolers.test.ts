import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAtRest } from '../../../server/master/decide/rest.js';
import { initialState, type Settings } from '../../../server/master/decide/state.js';
import { lines, MasterDriver, only, SETTINGS } from '../../support/master-driver.js';

const SPOOLERS = { queues: 1, processes: 1, mercyMs: 5000, bootMs: 10_000 };

/** A master whose worker serves and whose spoolers work. */
function withSpoolers(change: Partial<typeof SPOOLERS> = {}) {
  const master = new MasterDriver(1, { spoolers: { ...SPOOLERS, ...change } });
  const [worker = 0] = master.boot();
  const pids = spawn(master);
  const begun = pids.flatMap((pid) => master.post({ type: 'spooler-ready', pid }));
  master.take();
  return { master, worker, pids, begun };
}

let lastPid = 1000;

/** Starts a process for every spooler that was ordered; returns the pids. */
function spawn(master: MasterDriver): number[] {
  const ordered = master.state.spoolers.filter(({ spawning }) => spawning);
  return ordered.map(({ id }) => {
    const pid = ++lastPid;
    master.post({ type: 'spooler-spawned', spooler: id, pid });
    return pid;
  });
}

function exit(master: MasterDriver, pid: number, code: number | null = 17) {
  const signal = code === null ? 'SIGKILL' : null;
  const signalNumber = code === null ? 9 : null;
  return master.post({ type: 'spooler-exited', pid, code, signal, signalNumber, stderr: [] });
}

describe('spoolers', () => {
  test('are spawned beside the workers, as many for each queue', () => {
    const settings: Settings = { ...SETTINGS, spoolers: { ...SPOOLERS, queues: 2, processes: 2 } };
    const { spoolers } = initialState(1, settings);
    assert.deepEqual(
      spoolers.map(({ id, queue }) => [id, queue]),
      [
        [1, 0],
        [2, 0],
        [3, 1],
        [4, 1],
      ],
    );
    assert.deepEqual(initialState(1, SETTINGS).spoolers, []);
  });

  test('claim tasks once they have loaded them, and let the clock alone then', () => {
    const { master, pids, begun } = withSpoolers();
    assert.deepEqual(only(begun, 'send-spooler'), [
      { type: 'send-spooler', pid: pids[0], frame: 'work' },
    ]);
    assert.equal(isAtRest(master.state), true);
  });

  test('of a master on trial claim none before it has taken over', () => {
    const master = new MasterDriver(1, { spoolers: SPOOLERS });
    master.state = { ...master.state, spoolersWait: true };
    master.boot();
    const [pid = 0] = spawn(master);
    assert.deepEqual(only(master.post({ type: 'spooler-ready', pid }), 'send-spooler'), []);
    assert.deepEqual(only(master.post({ type: 'taken-over' }), 'send-spooler'), [
      { type: 'send-spooler', pid, frame: 'work' },
    ]);
  });

  test('that die are respawned at once, and later from the fourth death in ten seconds', () => {
    const { master, pids } = withSpoolers();
    let [pid = 0] = pids;
    const died = exit(master, pid, null);
    assert.deepEqual(lines(died), [
      `OOOPS spooler 1 (pid: ${pid}) is no more, killed by signal 9...trying respawn...`,
    ]);
    assert.deepEqual(
      master.state.events.map(({ kind, text }) => [kind, text]),
      [['spooler-died', `spooler 1 (pid: ${pid}) died, killed by signal 9`]],
    );
    for (let death = 2; death <= 3; death++) {
      [pid = 0] = spawn(master);
      assert.equal(only(exit(master, pid, 1), 'spawn-spooler').length, 1);
    }
    [pid = 0] = spawn(master);
    assert.deepEqual(only(exit(master, pid, 1), 'spawn-spooler'), [], 'it is held back');
    assert.equal(only(master.wait(500), 'spawn-spooler').length, 1);
  });

  test('take up what a dead one of their queue had, and nothing of other queues', () => {
    const { master, pids } = withSpoolers({ queues: 2, processes: 2 });
    const [first = 0, second] = pids;
    assert.deepEqual(only(exit(master, first, null), 'send-spooler'), [
      { type: 'send-spooler', pid: second, frame: 'recover' },
    ]);
  });

  test('that die have their queue recovered, but for those that had nothing', () => {
    const { master, pids } = withSpoolers({ queues: 2 });
    const [, second = 0] = pids;
    assert.deepEqual(only(exit(master, second, null), 'recover-queue'), [
      { type: 'recover-queue', queue: 1 },
    ]);
    const [fresh = 0] = spawn(master);
    assert.deepEqual(only(exit(master, fresh, 22), 'recover-queue'), [], 'it never worked');
    const [first = 0] = pids;
    master.post({ type: 'spooler-leaves', pid: first, why: 'was sent SIGHUP' });
    const [next = 0] = spawn(master);
    master.post({ type: 'spooler-ready', pid: next });
    assert.deepEqual(only(exit(master, first, 17), 'recover-queue'), [], 'it has drained');
  });

  test('that are killed at a stop have their queue recovered, too', () => {
    const { master, pids } = withSpoolers();
    master.post({ type: 'stop', graceful: true });
    master.wait(5000);
    assert.equal(only(exit(master, pids[0] ?? 0, null), 'recover-queue').length, 1);
  });

  test('tell of a task that failed for good, whose name draws nothing in the log', () => {
    const { master, pids } = withSpoolers();
    const [pid = 0] = pids;
    const task = { id: 'a1', name: 'cat\u009b2J"', attempts: 4, error: 'Error: no\u202ecat' };
    master.post({ type: 'task-failed', pid, ...task, unsaid: 0 });
    master.post({ type: 'task-failed', pid, ...task, attempts: 1, unsaid: 7 });
    master.post({ type: 'task-failed', pid: 1, ...task, unsaid: 0 });
    assert.deepEqual(
      master.state.events.map(({ kind, subject, text }) => [kind, subject, text]),
      [
        ...[`after 4 runs: Error: no`, `after 1 run (and 7 other tasks before it): Error: no`].map(
          (end) => [
            ...['task-failed', `spooler 1 (pid: ${pid})`],
            `task "cat\\x9b2J\\"" (a1) failed for good ${end}\\x202ecat`,
          ],
        ),
      ],
    );
  });

  test('whose task takes too long are killed, and followed when they are gone', () => {
    const { master, pids } = withSpoolers();
    const [pid = 0] = pids;
    const limit = '--spooler-harakiri is 5';
    const run = { pid, id: 'a1', name: 'a\n"b', ageMs: 5250, limit };
    const overdue = master.post({ type: 'spooler-overdue', ...run });
    assert.deepEqual(lines(overdue), [
      `*** HARAKIRI ON spooler 1 (pid: ${pid}): task "a\\n\\"b" (a1) has run for 5.3 seconds, ${limit} ***`,
    ]);
    assert.deepEqual(only(overdue, 'sigkill'), [{ type: 'sigkill', pid }]);
    assert.deepEqual(only(overdue, 'spawn-spooler'), []);
    assert.equal(only(exit(master, pid, null), 'spawn-spooler').length, 1);
    const [slot] = master.state.spoolers;
    assert.deepEqual([slot?.harakiris, slot?.lastExit?.reason], [1, 'harakiri']);
    const [event] = master.state.events;
    assert.deepEqual(
      [event?.kind, event?.subject],
      ['spooler-harakiri', `spooler 1 (pid: ${pid})`],
    );
    assert.match(event?.text ?? '', /^HARAKIRI ON spooler 1 .* task "a\\n\\"b" \(a1\)/);
  });

  test('that do not load their tasks in time are killed, and missed as if they had died', () => {
    const master = new MasterDriver(1, { spoolers: SPOOLERS });
    master.boot();
    const [pid = 0] = spawn(master);
    const late = master.wait(10_000);
    assert.deepEqual(lines(late), [
      `spooler 1 (pid: ${pid}) has not loaded its tasks after 10.0 seconds...NO MERCY !!!`,
    ]);
    assert.deepEqual(only(late, 'sigkill'), [{ type: 'sigkill', pid }]);
    exit(master, pid, null);
    assert.equal(master.state.spoolers[0]?.deaths.length, 1);
  });

  test('that ask for it are replaced: the old one drains when the new one has loaded', () => {
    const { master, pids } = withSpoolers();
    const [old = 0] = pids;
    const asked = master.post({ type: 'spooler-leaves', pid: old, why: 'was sent SIGHUP' });
    assert.equal(only(asked, 'spawn-spooler').length, 1);
    const again = master.post({ type: 'spooler-leaves', pid: old, why: 'was sent SIGHUP' });
    assert.deepEqual(lines(again), []);
    const [fresh = 0] = spawn(master);
    const ready = master.post({ type: 'spooler-ready', pid: fresh });
    assert.deepEqual(only(ready, 'send'), [{ type: 'send', pid: old, frame: 'drain' }]);
    assert.deepEqual(only(master.wait(5000), 'sigkill'), [{ type: 'sigkill', pid: old }]);
  });
});

describe('a reload with spoolers', () => {
  test('replaces them behind the workers', () => {
    const { master, worker } = withSpoolers();
    const ordered = master.reload(7);
    assert.deepEqual(only(ordered, 'spawn-spooler'), []);
    const [fresh = 0] = master.spawnOrdered();
    assert.equal(only(master.ready(fresh), 'spawn-spooler').length, 1);
    master.exit(worker, 17);
    const [spooler = 0] = spawn(master);
    assert.deepEqual(only(master.take(), 'outcome'), []);
    const done = master.post({ type: 'spooler-ready', pid: spooler });
    assert.equal(only(done, 'outcome')[0]?.ok, true);
  });

  test('is given up when the new one dies before it is ready, and the old one stays', () => {
    const { master, pids } = withSpoolers();
    master.reload(7);
    const [fresh = 0] = master.spawnOrdered();
    master.ready(fresh);
    const [spooler = 0] = spawn(master);
    const failed = exit(master, spooler, 22);
    assert.equal(only(failed, 'outcome')[0]?.ok, false);
    assert.equal(master.state.spoolers[0]?.processes[0]?.pid, pids[0]);
    assert.deepEqual(only(failed, 'spawn-spooler'), []);
  });

  test('does not wait for one that never could load its tasks', () => {
    const { master, pids } = withSpoolers();
    exit(master, pids[0] ?? 0, 22);
    master.reload(7);
    const [fresh = 0] = master.spawnOrdered();
    assert.equal(only(master.ready(fresh), 'outcome')[0]?.ok, true);
  });
});

test('a stop lets spoolers finish, for as long as they may, and halts when they are gone', () => {
  const { master, worker, pids } = withSpoolers();
  const [pid = 0] = pids;
  const stopping = master.post({ type: 'stop', graceful: true });
  assert.ok(only(stopping, 'send').some((sent) => sent.pid === pid && sent.frame === 'drain'));
  assert.deepEqual(only(master.exit(worker, 17), 'halt'), []);
  assert.deepEqual(only(master.wait(5000), 'sigkill'), [{ type: 'sigkill', pid }]);
  assert.deepEqual(only(exit(master, pid, null), 'halt'), [{ type: 'halt', code: 0 }]);
});
