import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { spool } from '../../server/spooler/spool.js';
import { eventually } from '../support/eventually.js';
import { AT_REST, filesBelow } from '../support/queue-world.js';
import { APPS } from '../support/server.js';
import { startSpooling } from '../support/spooling.js';
import { checkOrder, checkRuns, countLines, readTaskLines } from '../support/task-ledger.js';

const TASKS = 240;
/** After so many tasks something happens to their spooler. */
const EVERY = 30;

test('tasks in order stay so, whether their spooler is killed or everything is reloaded', async (t) => {
  const spooling = startSpooling(t, ['--spooler-ordered'], {
    module: path.join(APPS, 'chaos-tasks.mjs'),
  });
  const { server, queue } = spooling;
  const log = path.join(queue, '../log');
  writeFileSync(log, '');
  await spooling.pid();
  const killed = new Set<string>();
  const producing = (async () => {
    for (let number = 0; number < TASKS; number++) {
      const cat = `cat-${number}`;
      await spool('run', { file: log, cat }, { queue, retries: 20 });
      appendFileSync(log, `ack ${cat}\n`);
    }
  })();
  for (let round = 1; round < TASKS / EVERY; round++) {
    await eventually('more tasks to have run', () => countLines(log, 'end') >= round * EVERY);
    if (round % 2 === 0) {
      server.kill('SIGHUP');
    } else {
      const pid = await spooling.pid();
      killed.add(String(pid));
      process.kill(pid, 'SIGKILL');
    }
  }
  await producing;
  await eventually('every task to have run, and nothing to be left of any', () => {
    assert.deepEqual(filesBelow(queue), AT_REST);
    return true;
  });
  const lines = readTaskLines(log);
  const cuts = checkRuns({ lines, killed });
  checkOrder({ lines, killed });
  t.diagnostic(`${killed.size} killed, ${cuts} runs cut`);
});
