import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askedWorkers } from '../../../server/master/decide/routers/backends.js';
import { isAtRest } from '../../../server/master/decide/rest.js';
import { bootVerdict } from '../../../server/master/decide/upgrade.js';
import { lines, MasterDriver, MERCY_MS, only } from '../../support/master-driver.js';

/** A master with routers whose workers are ready; the routers are as far as `bootRouters` brings them. */
function withRouters(workers: number, routers = 1) {
  const master = new MasterDriver(workers, {}, routers);
  const pids = master.boot();
  return { master, pids, routers: master.bootRouters() };
}

function routerExit(master: MasterDriver, pid: number, code: number | null = 17) {
  const signal = code === null ? 'SIGKILL' : null;
  const signalNumber = code === null ? 9 : null;
  return master.post({ type: 'router-exited', pid, code, signal, signalNumber });
}

describe('routers', () => {
  test('are spawned beside the workers, and said in the words of uWSGI', () => {
    const master = new MasterDriver(1, {}, 2);
    assert.deepEqual(only(master.tick(), 'spawn-router'), [
      { type: 'spawn-router', router: 1 },
      { type: 'spawn-router', router: 2 },
    ]);
    const spawned = master.post({ type: 'router-spawned', router: 1, pid: 7 });
    assert.deepEqual(lines(spawned), ['spawned tsuwsgi http 1 (pid: 7)']);
  });

  test('are none without --http', () => {
    const master = new MasterDriver(2);
    assert.deepEqual(only(master.tick(), 'spawn-router'), []);
    assert.deepEqual(master.state.routers, []);
  });

  test('let the clock alone once all of them accept', () => {
    const master = new MasterDriver(1, {}, 1);
    master.boot();
    assert.equal(isAtRest(master.state), false);
    master.bootRouters();
    assert.equal(isAtRest(master.state), true);
  });

  test('that die are respawned at once, and later after a death loop', () => {
    const { master, routers } = withRouters(1);
    const died = routerExit(master, routers[0]!, null);
    assert.deepEqual(lines(died), [
      `DAMN ! gateway "tsuwsgi http 1" (pid: ${routers[0]!}) died, killed by signal 9 :( trying respawn ...`,
    ]);
    assert.equal(only(died, 'spawn-router').length, 1);
    const [second] = master.spawnRouters();
    assert.ok(second);
    assert.equal(master.state.routers[0]?.spawns, 2);
    let pid = second;
    for (let death = 2; death <= 3; death++) {
      routerExit(master, pid, 1);
      [pid = 0] = master.spawnRouters();
    }
    assert.deepEqual(only(routerExit(master, pid, 1), 'spawn-router'), [], 'it is held back');
    assert.equal(only(master.wait(500), 'spawn-router').length, 1);
  });

  test('that the operating system refuses are tried again after a second', () => {
    const master = new MasterDriver(1, {}, 1);
    master.tick();
    const refused = master.post({ type: 'router-spawn-failed', router: 1, message: 'no memory' });
    assert.deepEqual(lines(refused), ['cannot spawn http 1: no memory']);
    assert.equal(only(master.wait(999), 'spawn-router').length, 0);
    assert.equal(only(master.wait(1), 'spawn-router').length, 1);
  });

  test('that cannot listen on their first start end the boot', () => {
    const master = new MasterDriver(1, {}, 1);
    const [worker] = master.boot();
    const [router] = master.spawnRouters();
    const effects = routerExit(master, router!, 23);
    assert.match(lines(effects)[0]!, /^http 1 cannot listen on the inherited socket/);
    assert.deepEqual(only(effects, 'send'), [{ type: 'send', pid: worker, frame: 'exit' }]);
    assert.deepEqual(only(master.exit(worker!, 30), 'halt'), [{ type: 'halt', code: 1 }]);
  });

  test('that give no sign of life are killed, and followed when they are gone', () => {
    const { master, routers } = withRouters(1);
    const [pid] = routers;
    const stalled = master.post({ type: 'router-stalled', pid: pid!, silentMs: 30_000 });
    assert.deepEqual(only(stalled, 'sigkill'), [{ type: 'sigkill', pid }]);
    assert.deepEqual(only(stalled, 'spawn-router'), []);
    const gone = routerExit(master, pid!, null);
    assert.equal(only(gone, 'spawn-router').length, 1);
    assert.equal(master.state.routers[0]?.lastExit?.reason, 'stall');
  });

  test('that ask for it are replaced: the new one accepts before the old one drains', () => {
    const { master, routers } = withRouters(1);
    const [old] = routers;
    const asked = master.post({ type: 'router-leaves', pid: old!, why: 'was sent SIGHUP' });
    assert.equal(only(asked, 'spawn-router').length, 1);
    const [fresh] = master.spawnRouters();
    assert.deepEqual(only(master.post({ type: 'router-ready', pid: fresh! }), 'send'), [
      { type: 'send', pid: old, frame: 'drain' },
    ]);
    assert.deepEqual(lines(routerExit(master, old!)), [
      `gateway "tsuwsgi http 1" has been buried (pid: ${old!})`,
    ]);
  });

  test('that do not drain in time are killed', () => {
    const { master, routers } = withRouters(1);
    master.post({ type: 'router-leaves', pid: routers[0]!, why: 'was sent SIGHUP' });
    const [fresh] = master.spawnRouters();
    master.post({ type: 'router-ready', pid: fresh! });
    assert.deepEqual(only(master.wait(MERCY_MS), 'sigkill'), [
      { type: 'sigkill', pid: routers[0] },
    ]);
  });
});

describe('a reload with routers', () => {
  test('replaces the workers first, then the routers one after the other, and then is done', () => {
    const { master, routers } = withRouters(1, 2);
    assert.deepEqual(only(master.reload(1), 'spawn-router'), []);
    const [worker] = master.spawnOrdered();
    const workersDone = master.ready(worker!);
    assert.deepEqual(only(workersDone, 'outcome'), []);
    assert.deepEqual(only(workersDone, 'spawn-router'), [{ type: 'spawn-router', router: 1 }]);
    const [first] = master.spawnRouters();
    const next = master.post({ type: 'router-ready', pid: first! });
    assert.deepEqual(only(next, 'send'), [{ type: 'send', pid: routers[0], frame: 'drain' }]);
    assert.deepEqual(only(next, 'spawn-router'), [{ type: 'spawn-router', router: 2 }]);
    const [second] = master.spawnRouters();
    const done = master.post({ type: 'router-ready', pid: second! });
    assert.equal(only(done, 'outcome')[0]?.ok, true);
    assert.equal(master.state.generation, 1);
  });

  test('that is abandoned for a worker leaves the routers in place', () => {
    const { master, routers } = withRouters(1);
    master.reload(1);
    const [worker] = master.spawnOrdered();
    master.exit(worker!, 22);
    assert.deepEqual(only(master.wait(1000), 'spawn-router'), []);
    assert.equal(master.state.routers[0]?.processes[0]?.pid, routers[0]);
    assert.equal(isAtRest(master.state), true);
  });

  test('is abandoned when a new router dies before it is ready, and the old one stays', () => {
    const { master, routers } = withRouters(1);
    master.reload(1);
    master.ready(master.spawnOrdered()[0]!);
    const [fresh] = master.spawnRouters();
    const effects = routerExit(master, fresh!, 1);
    assert.equal(only(effects, 'outcome')[0]?.ok, false);
    assert.equal(master.state.reload, null);
    assert.deepEqual(
      master.state.routers[0]?.processes.map(({ pid, state }) => [pid, state]),
      [[routers[0], 'ready']],
    );
    assert.deepEqual(only(master.wait(20_000), 'spawn-router'), []);
  });
});

describe('a stop with routers', () => {
  test('drains the routers first, and the workers when none of them is left', () => {
    const { master, pids, routers } = withRouters(2);
    const stop = master.post({ type: 'stop', graceful: true });
    assert.deepEqual(only(stop, 'send'), [{ type: 'send', pid: routers[0], frame: 'drain' }]);
    assert.deepEqual(
      only(routerExit(master, routers[0]!), 'send'),
      pids.map((pid) => ({ type: 'send', pid, frame: 'drain' })),
    );
    for (const pid of pids) master.exit(pid, 17);
    assert.equal(master.state.phase, 'halted');
  });

  test('lets workers end the tunnels of routers that have nothing else left', () => {
    const { master, pids, routers } = withRouters(1);
    master.post({ type: 'stop', graceful: true });
    assert.deepEqual(only(master.post({ type: 'router-lingers', pid: routers[0]! }), 'send'), [
      { type: 'send', pid: pids[0], frame: 'drain' },
    ]);
    master.exit(pids[0]!, 17);
    assert.equal(master.state.phase, 'stopping');
    assert.deepEqual(only(routerExit(master, routers[0]!), 'halt'), [{ type: 'halt', code: 0 }]);
  });

  test('takes no longer than the mercy and what idle connections need', () => {
    const { master, pids, routers } = withRouters(1);
    master.post({ type: 'stop', graceful: true });
    assert.deepEqual(only(master.wait(MERCY_MS), 'sigkill'), [
      { type: 'sigkill', pid: routers[0] },
    ]);
    routerExit(master, routers[0]!, null);
    assert.deepEqual(only(master.wait(2000), 'sigkill'), [{ type: 'sigkill', pid: pids[0] }]);
  });

  test('at once ends both together, and spawns neither', () => {
    const { master, pids, routers } = withRouters(1);
    const stop = master.post({ type: 'stop', graceful: false });
    assert.deepEqual(
      only(stop, 'send').map(({ pid, frame }) => [pid, frame]),
      [
        [routers[0], 'exit'],
        [pids[0], 'exit'],
      ],
    );
    routerExit(master, routers[0]!, 30);
    assert.deepEqual(only(master.exit(pids[0]!, 30), 'halt'), [{ type: 'halt', code: 0 }]);
  });

  test('ends a router that was being spawned', () => {
    const master = new MasterDriver(1, {}, 1);
    const [worker] = master.boot();
    master.post({ type: 'stop', graceful: true });
    const effects = master.post({ type: 'router-spawned', router: 1, pid: 7 });
    assert.deepEqual(only(effects, 'send'), [{ type: 'send', pid: 7, frame: 'exit' }]);
    assert.equal(only(routerExit(master, 7, 30), 'send')[0]?.pid, worker);
  });
});

describe('who routers may ask', () => {
  test('is who accepts, and the new process from when it is ready', () => {
    const { master, pids } = withRouters(2);
    const asked = () => askedWorkers(master.state);
    assert.deepEqual(asked(), [
      { worker: 1, pid: pids[0] },
      { worker: 2, pid: pids[1] },
    ]);
    master.reload(1, 1);
    const [fresh] = master.spawnOrdered();
    assert.equal(asked()[0]?.pid, pids[0]);
    master.ready(fresh!);
    assert.equal(asked()[0]?.pid, fresh);
    master.killed(pids[1]!);
    assert.deepEqual(asked(), [{ worker: 1, pid: fresh }]);
  });

  test('is nobody in a pause, and routers accept nothing meanwhile', () => {
    const { master, routers } = withRouters(1);
    const paused = master.post({ type: 'pause' });
    assert.ok(
      only(paused, 'send').some(({ pid, frame }) => pid === routers[0] && frame === 'pause'),
    );
    assert.deepEqual(askedWorkers(master.state), []);
    master.post({ type: 'pause' });
    assert.equal(askedWorkers(master.state).length, 1);
  });
});

describe('an upgrade with routers', () => {
  test('succeeds when workers and routers accept, and fails with the first router that dies', () => {
    const master = new MasterDriver(1, {}, 1);
    master.boot();
    const [router] = master.spawnRouters();
    assert.equal(bootVerdict(master.state).type, 'pending');
    master.post({ type: 'router-ready', pid: router! });
    assert.equal(bootVerdict(master.state).type, 'ready');
    routerExit(master, router!, 1);
    const reason = `its http 1 (pid: ${router!}) died before it was ready, exit code 1`;
    assert.deepEqual(bootVerdict(master.state), { type: 'failed', reason });
  });
});

describe('routers alone, before foreign back ends', () => {
  const alone = () => {
    const master = new MasterDriver(0, {}, 1);
    master.tick();
    return { master, routers: master.bootRouters() };
  };

  test('are all that a new master waits for', () => {
    const { master } = alone();
    assert.deepEqual(bootVerdict(master.state), { type: 'ready' });
    const starting = new MasterDriver(0, {}, 1);
    starting.tick();
    assert.deepEqual(bootVerdict(starting.state), { type: 'pending' });
  });

  test('have no workers that could be more or fewer', () => {
    const { master } = alone();
    const why = 'there are no workers, requests go to the back ends of --http-to';
    assert.deepEqual(lines(master.post({ type: 'scale', by: 1 })), [why]);
    assert.deepEqual(lines(master.post({ type: 'scale', by: -1 })), [why]);
    assert.deepEqual(master.post({ type: 'scale-to', workers: 1, order: 4 }), [
      { type: 'log', line: why },
      { type: 'outcome', order: 4, ok: false, message: why },
    ]);
  });

  test('are told to pause and to go on', () => {
    const { master, routers } = alone();
    const [pid = 0] = routers;
    const paused = master.post({ type: 'pause' });
    assert.match(lines(paused)[0] ?? '', /paused: the routers accept nothing/);
    assert.deepEqual(only(paused, 'send'), [{ type: 'send', pid, frame: 'pause' }]);
    assert.match(lines(master.post({ type: 'pause' }))[0] ?? '', /the routers accept again/);
  });
});
