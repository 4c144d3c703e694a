import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { isAlive } from '../support/server.js';
import { startSpooling } from '../support/spooling.js';

const LIMIT = { timeout: 120_000 };

describe('a spooler', LIMIT, () => {
  test('runs what an application in a worker has spooled', async (t) => {
    const spooling = startSpooling(t);
    await spooling.server.ready();
    const response = await fetch(await spooling.server.url(), {
      method: 'POST',
      body: JSON.stringify(['note', spooling.payload({ what: 'cat' })]),
    });
    const spooled = (await response.json()) as { id: string; isNew: boolean };
    assert.equal(response.status, 200, JSON.stringify(spooled));
    assert.ok(spooled.isNew);
    await spooling.noted('ran cat 1');
    const done = await spooling.until('it to be done', (one) => one.done === 1);
    assert.deepEqual([done.tasks, done.running, done.respawns], [1, 0, 0]);
    assert.equal(done.latency.count, 1);
  });

  test('runs as many tasks at a time as it may, and shows them with what they say', async (t) => {
    const spooling = startSpooling(t, ['--spooler-concurrency', '2']);
    for (const what of ['a', 'b', 'c']) await spooling.spool('hold', { what });
    const busy = await spooling.until(
      'two to run, and the third to be counted',
      (one) => one.running_tasks.length === 2 && one.waiting === 1 && one.in_progress === 2,
    );
    assert.equal(busy.running, 1);
    spooling.letGo();
    for (const { name, attempt, progress } of busy.running_tasks) {
      assert.deepEqual([name, attempt, progress], ['hold', 1, 0.5]);
    }
    const notes = await spooling.noted('ended c 1');
    assert.ok(
      notes.indexOf('began c 1') >
        Math.min(...['a', 'b'].map((what) => notes.indexOf(`ended ${what} 1`))),
    );
  });

  test('runs a task that fails again, and puts it with the failed ones after that', async (t) => {
    const spooling = startSpooling(t);
    await spooling.spool('fail', {}, { retries: 1, backoff: 10 });
    await spooling.noted('ran  1', 'ran  2');
    const left = await spooling.until('it to have failed', (one) => one.failed === 1);
    assert.deepEqual([left.tasks, left.done], [2, 0]);
    assert.equal(left.waiting, 0);
  });

  test('tells a task that its time is over, and counts the run as failed', async (t) => {
    const spooling = startSpooling(t);
    await spooling.spool('linger', {}, { retries: 0, timeout: 100 });
    await spooling.noted('began  1', 'aborted  1');
    await spooling.until('it to have failed', (one) => one.failed === 1);
  });

  test('is replaced after so many tasks', async (t) => {
    const spooling = startSpooling(t, ['--spooler-max-tasks', '2']);
    const first = await spooling.pid();
    for (const what of ['a', 'b', 'c']) await spooling.spool('note', { what });
    await spooling.noted('ran a 1', 'ran b 1', 'ran c 1');
    await spooling.server.logged(
      new RegExp(`spooler 1 \\(pid: ${first}\\) has run its maximum number of tasks \\(2\\)`),
    );
    await spooling.server.logged(new RegExp(`spooler 1 \\(pid: ${first}\\) has been buried`));
    assert.notEqual(await spooling.pid(), first);
  });
});

describe('a spooler that dies', LIMIT, () => {
  test('in a task is respawned at once, and its task is run again', async (t) => {
    const spooling = startSpooling(t);
    const first = await spooling.pid();
    await spooling.spool('hold', { what: 'cat' });
    await spooling.noted('began cat 1');
    process.kill(first, 'SIGKILL');
    const killedAt = performance.now();
    await spooling.noted('began cat 2');
    assert.ok(performance.now() - killedAt < 5000, 'it is offered again soon');
    spooling.letGo();
    await spooling.noted('ended cat 2');
    const now = await spooling.until('the new one', ({ done }) => done === 1);
    assert.equal(now.last_exit?.signal, 'SIGKILL');
    assert.equal(now.last_exit.reason, 'crash');
    assert.equal(now.respawns, 1);
  });

  test('by its own hand leaves what it wrote last in the stats', async (t) => {
    const spooling = startSpooling(t);
    await spooling.pid();
    await spooling.spool('escape', { what: 'cat' });
    await spooling.noted('began cat 2');
    const now = await spooling.until('the new one', ({ done }) => done === 1);
    assert.deepEqual(now.last_exit?.stderr, ['this cat is gone']);
    assert.equal(now.last_exit.code, 3);
  });

  test('while another one of its queue lives has its task run by that one', async (t) => {
    const spooling = startSpooling(t, ['--spooler-processes', '2']);
    await spooling.server.until('two', ({ spoolers }) =>
      spoolers.every(({ state }) => state === 'ready'),
    );
    await spooling.spool('hold', { what: 'cat' });
    await spooling.noted('began cat 1');
    const { spoolers } = await spooling.server.until('one to run it', (stats) =>
      stats.spoolers.some(({ running }) => running === 1),
    );
    process.kill(spoolers.find(({ running }) => running === 1)?.pid ?? 0, 'SIGKILL');
    await spooling.noted('began cat 2');
    spooling.letGo();
    await spooling.noted('ended cat 2');
  });
});

describe('harakiri of a spooler', LIMIT, () => {
  test('ends a task that blocks its event loop, and names it', async (t) => {
    const spooling = startSpooling(t, ['--spooler-harakiri', '1']);
    const first = await spooling.pid();
    const { id } = await spooling.spool('block', { what: 'cat' });
    await spooling.noted('began cat 1', 'began cat 2');
    assert.match(
      spooling.server.output,
      new RegExp(
        `HARAKIRI ON spooler 1 \\(pid: ${first}\\): task "block" \\(${id}\\) has run for \\d+\\.\\d seconds`,
      ),
    );
    const now = await spooling.until('the new one', ({ done }) => done === 1);
    assert.equal(now.harakiri_count, 1);
    assert.equal(now.last_exit?.reason, 'harakiri');
    assert.deepEqual(now.last_exit.stderr, ['this cat will not move']);
    assert.equal(isAlive(first), false);
  });

  test('comes within 300 ms of the limit, whether the event loop is blocked or not', async (t) => {
    const spooling = startSpooling(t, ['--spooler-harakiri', '1']);
    await spooling.pid();
    for (const name of ['block', 'hold']) {
      await spooling.spool(name, { what: name });
      const told = new RegExp(`task "${name}" \\(\\w+\\) has run for (\\d+\\.\\d) seconds`);
      const [, age] = await spooling.server.logged(told);
      assert.ok(Number(age) <= 1.3, `${name}: ${age} s`);
    }
    spooling.letGo();
  });
});

describe('spoolers in a reload', LIMIT, () => {
  test('finish what they run, while their replacements go on', async (t) => {
    const spooling = startSpooling(t);
    const first = await spooling.pid();
    await spooling.spool('hold', { what: 'old' });
    await spooling.noted('began old 1');
    spooling.server.kill('SIGHUP');
    await spooling.until('the new one', ({ state, pid }) => state === 'ready' && pid !== first);
    await spooling.spool('note', { what: 'new' });
    const notes = await spooling.noted('ran new 1');
    assert.ok(!notes.includes('ended old 1'), 'the old one still runs');
    spooling.letGo();
    await spooling.noted('ended old 1');
    await spooling.server.logged(new RegExp(`spooler 1 \\(pid: ${first}\\) has been buried`));
  });

  test('are killed after the mercy, and what they ran is run again', async (t) => {
    const spooling = startSpooling(t, ['--spooler-reload-mercy', '0.5']);
    await spooling.pid();
    await spooling.spool('hold', { what: 'cat' });
    await spooling.noted('began cat 1');
    spooling.server.kill('SIGHUP');
    await spooling.noted('began cat 2');
    assert.match(spooling.server.output, /spooler 1 \(pid: \d+\) is taking too much time to die/);
  });
});

test('a stop waits for what spoolers run', LIMIT, async (t) => {
  const spooling = startSpooling(t);
  await spooling.pid();
  await spooling.spool('hold', { what: 'cat' });
  await spooling.noted('began cat 1');
  spooling.server.kill('SIGTERM');
  await spooling.server.logged(/SIGTERM received/);
  spooling.letGo();
  assert.equal(await spooling.server.exited(), 0);
  assert.deepEqual(spooling.notes(), ['began cat 1', 'ended cat 1']);
});

test('a module without tasks is named, and tried again ever later', LIMIT, async (t) => {
  const { server } = startSpooling(t, [], { module: 'test/fixtures/apps/listener.mjs' });
  await server.logged(/listener\.mjs has no tasks: call task\(name, run\) in it/);
  await server.logged(/OOOPS spooler 1 \(pid: \d+\) is no more, exit code 22...trying respawn in/);
  const { spoolers } = await server.stats();
  assert.equal(spoolers[0]?.last_exit?.reason, 'boot');
  assert.match(spoolers[0].last_exit.stderr.join('\n'), /listener\.mjs has no tasks: call task/);
  await eventually('the application to serve all the same', async () => {
    const response = await fetch(await server.url(), { method: 'POST', body: '[]' });
    return response.status === 500;
  });
});
