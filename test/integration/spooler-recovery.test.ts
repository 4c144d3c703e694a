import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { type Spooling, startSpooling } from '../support/spooling.js';

const LIMIT = { timeout: 120_000 };
/** A task of a dead spooler is offered again within so long. */
const OFFERED_MS = 2000;

/** The tasks that spoolers have claimed, living or dead. */
function claimed({ queue }: Spooling): string[] {
  return readdirSync(path.join(queue, 'claimed'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.task'))
    .map((name) => path.basename(name));
}

/** Kills a spooler, and waits until the task that it ran is claimed no more; how long that took. */
async function killAndMeasure(spooling: Spooling, pid: number): Promise<number> {
  const [task = ''] = claimed(spooling);
  assert.notEqual(task, '', 'it has claimed a task');
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  await eventually('its task to be offered again', () => !claimed(spooling).includes(task));
  return performance.now() - killedAt;
}

describe('what a killed spooler had claimed', LIMIT, () => {
  test('is offered again within two seconds, also while its successor is held back', async (t) => {
    const spooling = startSpooling(t);
    await spooling.spool('hold', { what: 'cat' }, { retries: 20 });
    const took: number[] = [];
    // The fifth is held back for a second, the seventh for four.
    for (let death = 1; death <= 7; death++) {
      await spooling.noted(`began cat ${death}`);
      took.push(await killAndMeasure(spooling, await spooling.pid()));
    }
    t.diagnostic(`milliseconds: ${took.map((ms) => ms.toFixed(0)).join(', ')}`);
    assert.ok(Math.max(...took) < OFFERED_MS, took.join(', '));
    await spooling.server.logged(/trying respawn in [34]\.\d seconds/);
  });

  test('is offered again although the other one of its queue is stopped', async (t) => {
    const spooling = startSpooling(t, ['--spooler-processes', '2', '--worker-stall', '0']);
    const { spoolers } = await spooling.server.until('two', ({ spoolers: two }) =>
      two.every(({ state }) => state === 'ready'),
    );
    await spooling.spool('hold', { what: 'cat' }, { retries: 20 });
    const stats = await spooling.server.until('one to run it', (now) =>
      now.spoolers.some(({ running }) => running === 1),
    );
    const busy = stats.spoolers.find(({ running }) => running === 1)?.pid ?? 0;
    const idle = spoolers.find(({ pid }) => pid !== busy)?.pid ?? 0;
    process.kill(idle, 'SIGSTOP');
    const took = await killAndMeasure(spooling, busy);
    process.kill(idle, 'SIGCONT');
    assert.ok(took < OFFERED_MS, `${took} ms`);
  });
});
