import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { OutcomeMessage } from '../../shared/protocol.js';
import type { QueueCommand } from '../../shared/commands.js';
import { openQueue } from '../../server/queue/open.js';
import { placeOf } from '../../server/queue/place.js';
import { operate } from '../support/operator.js';
import { ENGINES } from '../support/queue-engines.js';
import { type Spooling, startSpooling } from '../support/spooling.js';

for (const { name, skip, site } of ENGINES) {
  const spoolingIn = async (t: TestContext): Promise<Spooling> =>
    startSpooling(t, [], { queue: (await site(t)).place });

  describe(`a queue in ${name}`, { skip, timeout: 120_000 }, () => {
    test('is looked into and set right over the live protocol', async (t) => {
      const spooling = await spoolingIn(t);
      await spooling.pid();
      const { order, outcome } = await operate(t, spooling.server);
      const queue = placeOf(spooling.queue, '/');
      const run = async (command: QueueCommand): Promise<OutcomeMessage> => {
        const reply = await order(command);
        assert.ok(reply.ok, reply.message);
        return outcome();
      };
      assert.match(
        (await run({ name: 'spooler-pause', queue })).message,
        /^paused: what runs goes on$/,
      );
      await spooling.until('it to be paused', ({ paused }) => paused === 1);
      const { id } = await spooling.spool('note', { what: 'cat' });
      const dropped = await spooling.spool('note', { what: 'dog' });
      const listed = await run({ name: 'spooler-tasks', queue });
      const [head, first] = listed.message.split('\n');
      assert.equal(head, '0 failed, 2 waiting, 0 for later');
      const entry = JSON.parse(first ?? '') as { id: string; state: string };
      assert.deepEqual([entry.id, entry.state], [id, 'waiting']);
      const drop = { name: 'spooler-drop', queue, task: dropped.id } as const;
      assert.equal((await run(drop)).message, `task ${dropped.id} dropped`);
      const again = await run(drop);
      assert.deepEqual([again.ok, again.code], [false, 'failed']);
      assert.match(again.message, /^there is no task [0-9a-f]+: it has run, or never was$/);
      assert.deepEqual(spooling.notes(), []);
      assert.equal((await run({ name: 'spooler-resume', queue })).message, 'resumed');
      await spooling.noted('ran cat 1');
      await spooling.until('it to go on', ({ paused }) => paused === 0);
      assert.equal(spooling.notes().includes('ran dog 1'), false);
      await spooling.server.logged(
        /^audit: spooler-drop [0-9a-f]+ of .* by .*: done: task .* dropped/m,
      );
    });

    test('has a task for later run at once over the live protocol', async (t) => {
      const spooling = await spoolingIn(t);
      await spooling.pid();
      const { order, outcome } = await operate(t, spooling.server);
      const queue = placeOf(spooling.queue, '/');
      const { id } = await spooling.spool('note', { what: 'cat' }, { delay: 1e8 });
      assert.ok((await order({ name: 'spooler-retry', queue, task: id })).ok);
      assert.equal((await outcome()).message, `task ${id} offered again`);
      await spooling.noted('ran cat 1');
      const none = await order({ name: 'spooler-tasks', queue: '/none' });
      assert.deepEqual([none.ok, none.code], [false, 'not-configured']);
    });

    test('that was paused stays so over a restart', async (t) => {
      const spooling = await spoolingIn(t);
      const pid = await spooling.pid();
      const queue = await openQueue(spooling.queue, { ordered: false });
      t.after(() => queue.close());
      await queue.pause(true);
      process.kill(pid, 'SIGKILL');
      await spooling.until('another spooler', (one) => one.state === 'ready' && one.pid !== pid);
      await spooling.spool('note', { what: 'cat' });
      await spooling.until('it to wait', ({ paused, waiting }) => paused === 1 && waiting === 1);
      assert.deepEqual(spooling.notes(), []);
      await queue.pause(false);
      await spooling.noted('ran cat 1');
    });
  });
}
