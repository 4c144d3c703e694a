import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { active } from '../../../server/master/decide/state.js';
import { cheaperWith } from '../../support/cheaper-settings.js';
import { lines, MasterDriver, MERCY_MS, only } from '../../support/master-driver.js';

function wanted(master: MasterDriver): number[] {
  return active(master.state).map(({ id }) => id);
}

describe('the number of workers', () => {
  test('is one less after a scale down: the oldest idle worker finishes its requests and is cheap', () => {
    const master = new MasterDriver(3);
    const [first = 0, second = 0, third = 0] = master.boot();
    const idle = { queued: 0, upgraded: 0, runningTime: 0, loop: 0, rss: 1 };
    const workers = [
      { ...idle, pid: first, inFlight: 1 },
      { ...idle, pid: second, inFlight: 0 },
      { ...idle, pid: third, inFlight: 0 },
    ];
    // Worker 2 is younger than worker 3 once it was replaced.
    master.post({ type: 'load', queue: 0, workers });
    master.now = 5000;
    master.reload(0, 2);
    const [fresh = 0] = master.spawnOrdered();
    master.ready(fresh);
    master.exit(second, 17);
    master.post({
      type: 'load',
      queue: 0,
      workers: [...workers, { ...idle, pid: fresh, inFlight: 0 }],
    });
    assert.deepEqual(master.post({ type: 'scale', by: -1 }), [
      { type: 'send', pid: third, frame: 'drain' },
    ]);
    assert.deepEqual(wanted(master), [1, 2]);
    assert.deepEqual(lines(master.exit(third, 17)), [
      `worker 3 killed successfully (pid: ${third})`,
      'tsuwsgi worker 3 cheaped.',
    ]);
    assert.equal(master.slot(3).lastExit?.reason, 'cheap');
    assert.deepEqual(master.wait(10_000), [], 'nothing is spawned in its place');
  });

  test('is one more after a scale up, under the lowest id that is cheap', () => {
    const master = new MasterDriver(3, { cheaper: cheaperWith({ minimum: 1, initial: 1 }) });
    assert.deepEqual(master.tick(), [{ type: 'spawn', worker: 1 }]);
    for (const pid of master.spawnOrdered()) master.ready(pid);
    assert.deepEqual(master.post({ type: 'scale', by: 1 }), [{ type: 'spawn', worker: 2 }]);
    assert.deepEqual(wanted(master), [1, 2]);
  });

  test('stays between one and --processes, and says so', () => {
    const master = new MasterDriver(2);
    master.boot();
    const full = 'no worker was added: there are 2 already, the most that --processes allows';
    assert.deepEqual(master.post({ type: 'scale', by: 1 }), [{ type: 'log', line: full }]);
    const impossible = 'the number of workers cannot be 0: choose from 1 to 2 (--processes)';
    assert.deepEqual(master.post({ type: 'scale-to', workers: 0, order: 4 }), [
      { type: 'log', line: impossible },
      { type: 'outcome', order: 4, ok: false, message: impossible },
    ]);
    assert.deepEqual(wanted(master), [1, 2]);
    master.post({ type: 'scale', by: -1 });
    const last = 'no worker was taken away: 1 is the least';
    assert.deepEqual(master.post({ type: 'scale', by: -1 }), [{ type: 'log', line: last }]);
    const single = new MasterDriver(1);
    single.boot();
    const alone = 'no worker was added: there is 1 already, the most that --processes allows';
    assert.deepEqual(single.post({ type: 'scale', by: 1 }), [{ type: 'log', line: alone }]);
    const none = 'the number of workers cannot be 2: --processes is 1';
    assert.deepEqual(lines(single.post({ type: 'scale-to', workers: 2, order: 4 })), [none]);
  });

  test('does not fall below --cheaper, whoever asks', () => {
    const master = new MasterDriver(4, { cheaper: cheaperWith({ minimum: 2, initial: 2 }) });
    master.boot();
    assert.deepEqual(lines(master.post({ type: 'scale', by: -1 })), [
      'no worker was taken away: 2 (--cheaper) is the least',
    ]);
    assert.deepEqual(lines(master.post({ type: 'scale-to', workers: 1, order: 4 })), [
      'the number of workers cannot be 1: choose from 2 (--cheaper) to 4 (--processes)',
    ]);
    assert.deepEqual(wanted(master), [1, 2]);
  });

  test('that was ordered is told when all of them serve', () => {
    const master = new MasterDriver(4, { cheaper: cheaperWith({ minimum: 1, initial: 1 }) });
    master.boot();
    assert.deepEqual(only(master.post({ type: 'scale-to', workers: 3, order: 9 }), 'outcome'), []);
    const [second = 0, third = 0] = master.spawnOrdered();
    assert.deepEqual(only(master.ready(second), 'outcome'), []);
    master.now += 1500;
    assert.deepEqual(master.ready(third), [
      { type: 'outcome', order: 9, ok: true, message: '3 of 4 workers serve, 1.5 s later' },
    ]);
  });

  test('that is not reached is told after half a minute', () => {
    const master = new MasterDriver(2, { cheaper: cheaperWith({ minimum: 1, initial: 1 }) });
    master.boot();
    master.post({ type: 'scale-to', workers: 2, order: 9 });
    master.spawnOrdered();
    assert.deepEqual(only(master.wait(29_999), 'outcome'), []);
    assert.deepEqual(master.wait(1), [
      {
        type: 'outcome',
        order: 9,
        ok: false,
        message: 'only 1 of 2 workers serve after 30.0 s',
      },
    ]);
  });

  test('is the size of a reload: a cheap worker is neither waited for nor spawned', () => {
    const master = new MasterDriver(3, { cheaper: cheaperWith({ minimum: 2, initial: 2 }) });
    const old = master.boot();
    master.reload(1);
    while (master.state.reload !== null) {
      for (const pid of master.spawnOrdered()) master.ready(pid);
      master.wait(100);
    }
    assert.deepEqual(
      only(master.take(), 'outcome')[0]?.message.slice(0, 20),
      'reload finished, 2/2',
    );
    assert.ok(master.serving().every((pid) => !old.includes(pid)));
    assert.deepEqual(master.reload(2, 3), [
      { type: 'outcome', order: 2, ok: false, message: 'worker 3 is cheap' },
    ]);
  });

  test('takes a worker out of a crash loop first, and one that still loads before one that serves', () => {
    const master = new MasterDriver(3);
    const [first = 0, second = 0] = master.boot();
    for (let death = 0, pid = first; death < 4; death++) {
      master.killed(pid);
      [pid = 0] = master.spawnOrdered();
    }
    master.killed(second);
    const [loading = 0] = master.spawnOrdered();
    assert.deepEqual(master.post({ type: 'scale', by: -1 }), [
      { type: 'log', line: 'tsuwsgi worker 1 cheaped.' },
    ]);
    assert.deepEqual(master.post({ type: 'scale', by: -1 }), [
      { type: 'send', pid: loading, frame: 'exit' },
    ]);
    assert.deepEqual(wanted(master), [3]);
  });

  test('of a worker that is needed again while its old process drains is served by a new one', () => {
    const master = new MasterDriver(2);
    const [, second = 0] = master.boot();
    master.post({ type: 'scale', by: -1 });
    assert.deepEqual(master.post({ type: 'scale', by: 1 }), [{ type: 'spawn', worker: 2 }]);
    assert.deepEqual(lines(master.exit(second, 17)), [
      `worker 2 killed successfully (pid: ${second})`,
    ]);
  });

  test('ends what drains too long', () => {
    const master = new MasterDriver(2);
    const [, second = 0] = master.boot();
    master.post({ type: 'scale', by: -1 });
    assert.deepEqual(only(master.wait(MERCY_MS), 'sigkill'), [{ type: 'sigkill', pid: second }]);
  });

  test('a worker that was to be reloaded and is taken away instead has its requester told', () => {
    const master = new MasterDriver(2);
    master.boot();
    master.reload(5, 2);
    assert.deepEqual(only(master.post({ type: 'scale', by: -1 }), 'outcome'), [
      { type: 'outcome', order: 5, ok: false, message: 'worker 2 is cheap now' },
    ]);
  });

  test('a process that was ordered before it was too many is ended when it comes', () => {
    const master = new MasterDriver(2);
    master.tick();
    master.post({ type: 'scale', by: -1 });
    const ended = only(master.take(), 'send');
    assert.deepEqual(ended, []);
    master.spawnOrdered();
    assert.equal(only(master.take(), 'send').length, 1);
    assert.equal(wanted(master).length, 1);
  });

  test('cannot be changed once the master stops', () => {
    const master = new MasterDriver(2);
    master.boot();
    master.post({ type: 'scale-to', workers: 1, order: 1 });
    master.post({ type: 'stop', graceful: true });
    assert.deepEqual(master.post({ type: 'scale-to', workers: 2, order: 2 }), [
      { type: 'outcome', order: 2, ok: false, message: 'the master is stopping' },
    ]);
  });

  test('is what was asked for last, whatever was asked for before', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ to: fc.integer({ min: -1, max: 9 }) }),
        fc.record({ by: fc.constantFrom<1 | -1>(1, -1) }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(7), steps, (processes, least, all) => {
        const minimum = 1 + (least % processes);
        const cheaper = cheaperWith({ minimum, initial: minimum });
        const master = new MasterDriver(processes, { cheaper });
        master.boot();
        let expected = minimum;
        for (const next of all) {
          const asked = 'to' in next ? next.to : expected + next.by;
          if (asked >= minimum && asked <= processes) expected = asked;
          master.post(
            'to' in next
              ? { type: 'scale-to', workers: next.to, order: 0 }
              : { type: 'scale', by: next.by },
          );
          assert.equal(wanted(master).length, expected);
          if (expected % 2 === 0) for (const pid of master.spawnOrdered()) master.ready(pid);
        }
        for (const pid of master.spawnOrdered()) master.ready(pid);
        assert.equal(master.serving().filter((pid) => pid !== 0).length, expected);
      }),
    );
  });
});
