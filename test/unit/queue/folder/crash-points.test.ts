import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Outcome, Queue, TaskOrder } from '../../../../server/queue/contract.js';
import { openFolderQueue } from '../../../../server/queue/folder/open.js';
import type { World } from '../../../../server/queue/folder/world.js';
import { messageOf } from '../../../../shared/result.js';
import { type Death, dyingFiles } from '../../../support/dying-files.js';
import { mustClaim, orderOf, runAll } from '../../../support/queue-orders.js';
import { quickFiles } from '../../../support/quick-files.js';
import { AT_REST, filesBelow, testWorlds, type TestWorlds } from '../../../support/queue-world.js';

const TOLD: Readonly<Record<Death, string>> = {
  'before the call': 'whichever call its process dies before',
  'in the midst of a write': 'whichever write its process dies in',
  'no room': 'whichever call fails',
};

/**
 * Each operation is run again and again, and its process dies at the first call to the disk, at the
 * second, and so on to the last. After each death another process takes up what is there.
 */

/** What the process that may die has told so far. */
interface Told {
  /** Payloads of tasks whose putting in was acknowledged, before or in the operation. */
  readonly acknowledged: Set<number>;
  /** Payloads of tasks whose putting in was refused. */
  readonly refused: Set<number>;
  /** Payloads of tasks that were run to their end, whether that could be told or not. */
  readonly ran: Set<number>;
  /** Payloads of tasks whose end was told. */
  readonly settled: Set<number>;
  /** Payloads of tasks that were to be dropped, whether that could be told or not. */
  readonly unwanted: Set<number>;
  /** Payloads of tasks of which it was told that they are offered again. */
  readonly offered: Set<number>;
}

interface Operation {
  readonly name: string;
  readonly ordered?: boolean;
  /** What is there before, put in by a process that does not die. */
  readonly before?: Partial<TaskOrder>;
  /** How the run of that task ended before. */
  readonly ended?: Outcome;
  readonly act: (queue: Queue, told: Told, now: number) => Promise<void>;
}

const put =
  (cat: number, order: (now: number) => Partial<TaskOrder> = () => ({})) =>
  async (queue: Queue, told: Told, now: number): Promise<void> => {
    try {
      const { isNew } = await queue.put(orderOf({ payload: String(cat), ...order(now) }));
      if (isNew) told.acknowledged.add(cat);
    } catch (error) {
      told.refused.add(cat);
      throw error;
    }
  };

const run =
  (outcome: Outcome) =>
  async (queue: Queue, told: Told): Promise<void> => {
    const task = await queue.claim();
    if (task === null) throw new Error('there is nothing to claim');
    if (outcome.type === 'done') told.ran.add(task.payload as number);
    await queue.settle(task, outcome);
    if (outcome.type === 'done') told.settled.add(task.payload as number);
  };

/** The one task there is, in whatever state. */
async function theTask(queue: Queue): Promise<{ readonly id: string; readonly payload: number }> {
  for (const state of ['failed', 'delayed', 'waiting'] as const) {
    const [entry] = await queue.list(state, 1);
    const payload = entry === undefined ? undefined : (await queue.show(entry.id))?.payload;
    if (entry !== undefined) return { id: entry.id, payload: payload as number };
  }
  throw new Error('there is no task');
}

const retry = async (queue: Queue, told: Told): Promise<void> => {
  const { id, payload } = await theTask(queue);
  if ((await queue.retry(id)) === 'done') told.offered.add(payload);
};

const drop = async (queue: Queue, told: Told): Promise<void> => {
  const { id, payload } = await theTask(queue);
  told.unwanted.add(payload);
  if ((await queue.drop(id)) === 'done') told.settled.add(payload);
};

const done: Outcome = { type: 'done' };
const failed: Outcome = { type: 'failed', error: 'no paint' };
const streamed = (): Partial<TaskOrder> => ({ body: Readable.from([Buffer.alloc(9)]) });
const keyed = (): Partial<TaskOrder> => ({ dedupeKey: 'a' });

const OPERATIONS: readonly Operation[] = [
  { name: 'put', act: put(2) },
  { name: 'put with a body', act: put(2, streamed) },
  { name: 'put for later', act: put(2, (now) => ({ at: now + 90_000 })) },
  { name: 'put with a key', act: put(2, keyed) },
  { name: 'put with a key that is there', before: { dedupeKey: 'a' }, act: put(2, keyed) },
  { name: 'run', before: { dedupeKey: 'a' }, act: run(done) },
  { name: 'run and retry', before: {}, act: run(failed) },
  { name: 'run in vain', before: { retries: 0, dedupeKey: 'a' }, act: run(failed) },
  { name: 'run and return', before: {}, act: run({ type: 'returned' }) },
  { name: 'run in order', ordered: true, before: {}, act: run(done) },
  { name: 'run in order and retry', ordered: true, before: {}, act: run(failed) },
  { name: 'retry by hand', before: { retries: 0 }, ended: failed, act: retry },
  {
    name: 'retry by hand with a key',
    ...{ before: { retries: 0, dedupeKey: 'a' }, ended: failed, act: retry },
  },
  {
    name: 'retry by hand before its time',
    ...{ before: { dedupeKey: 'a' }, ended: failed, act: retry },
  },
  {
    name: 'retry by hand in order',
    ...{ ordered: true, before: { dedupeKey: 'a' }, ended: failed, act: retry },
  },
  { name: 'drop', before: { dedupeKey: 'a' }, act: drop },
  { name: 'drop what failed', before: { retries: 0 }, ended: failed, act: drop },
  {
    name: 'drop what is for later',
    ...{ before: { dedupeKey: 'a' }, ended: failed, act: drop },
  },
  { name: 'pause', before: {}, act: (queue) => queue.pause(true) },
];

/** One operation, whose process dies or fails at one call; whether it came to its end before. */
async function dieAt(operation: Operation, at: number, death: Death): Promise<boolean> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-crash-'));
  const worlds = testWorlds();
  const told: Told = {
    ...{ acknowledged: new Set(), refused: new Set() },
    ...{ ran: new Set(), settled: new Set(), unwanted: new Set(), offered: new Set() },
  };
  const dying = dyingFiles(quickFiles, at, death);
  const open = (world: World): Promise<Queue> =>
    openFolderQueue(folder, { ordered: operation.ordered ?? false }, world);
  try {
    const world = worlds.begin({ files: dying.files });
    const queue = await open(world);
    if (operation.before !== undefined) {
      await queue.put(orderOf({ payload: '1', ...operation.before }));
      told.acknowledged.add(1);
      const { ended } = operation;
      if (ended !== undefined) await queue.settle(await mustClaim(queue), ended);
    }
    dying.arm();
    await operation.act(queue, told, world.now()).catch(() => undefined);
    const isOver = dying.calls() <= at;
    // What a dead process was told of its own death nobody has heard.
    if (death !== 'no room') told.refused.clear();
    worlds.kill(world);
    await checkWhatIsLeft(folder, told, worlds, await open(worlds.begin({ files: quickFiles })));
    return isOver;
  } catch (error) {
    throw new Error(`${operation.name}, ${death} ${at}: ${messageOf(error)}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function checkWhatIsLeft(
  folder: string,
  told: Told,
  worlds: TestWorlds,
  queue: Queue,
): Promise<void> {
  await queue.recover();
  await queue.pause(false);
  const below = (part: string): string[] => filesBelow(path.join(folder, part));
  for (const part of ['tmp', 'claimed', 'leases', 'quarantine']) {
    assert.deepEqual(below(part), [], `nothing is left in ${part}/`);
  }
  worlds.pass(2 * 24 * 60 * 60 * 1000);
  const runs = await runAll(queue);
  assert.equal(new Set(runs).size, runs.length, `each runs once now: ${runs.join(' ')}`);
  const kept = below('failed').filter((name) => name.endsWith('.task')).length;
  assert.ok(runs.length + kept <= 2, 'each is in one place');
  if (told.offered.size + told.unwanted.size > 0)
    assert.ok(runs.length + kept <= 1, 'in one place');
  for (const cat of told.offered) assert.ok(runs.includes(cat), `task ${cat} was offered again`);
  for (const cat of told.acknowledged) {
    if (told.unwanted.has(cat)) continue;
    assert.ok(runs.includes(cat) || told.ran.has(cat) || kept > 0, `task ${cat} is there`);
  }
  for (const cat of told.settled) assert.ok(!runs.includes(cat), `task ${cat} ran again`);
  // Without room it is not told what went wrong.
  const histories = below('failed').filter((name) => name.endsWith('.json')).length;
  assert.ok(histories <= kept, 'of what does not fail any more nothing is told');
  for (const cat of told.refused) assert.ok(!runs.includes(cat), `task ${cat} was refused and ran`);
  assert.ok((await queue.put(orderOf({ dedupeKey: 'a' }))).isNew, 'the key is free');
  await runAll(queue);
  const left = filesBelow(folder).filter((name) => !name.startsWith('failed'));
  assert.deepEqual(left, AT_REST);
  await queue.close();
}

for (const operation of OPERATIONS) {
  for (const death of ['before the call', 'in the midst of a write', 'no room'] as const) {
    test(`${operation.name}: ${TOLD[death]}, nothing is lost, half or left over`, async () => {
      let at = 0;
      while (!(await dieAt(operation, at, death))) at++;
      const least = death === 'in the midst of a write' ? 0 : 4;
      assert.ok(at >= least, `it makes more calls than ${at}`);
    });
  }
}
