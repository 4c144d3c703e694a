import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openFolderQueue } from '../../server/queue/folder/open.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { startFleet } from '../support/queue-fleet.js';
import { AT_REST, filesBelow } from '../support/queue-world.js';
import { seeded } from '../support/seeded.js';

const isLong = process.env['TEST_LONG'] === '1';
const PRODUCERS = 4;
const CONSUMERS = 3;
const STRIKE_EVERY_MS = 120;
const LIMIT_MS = isLong ? 1_200_000 : 150_000;

interface Line {
  readonly kind: 'ack' | 'start' | 'end' | 'fail';
  readonly cat: string;
  readonly name: string;
}

function linesOf(log: string): Line[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [kind, cat = '', name = ''] = line.split(' ');
      return { kind: kind as Line['kind'], cat, name };
    });
}

const countOf = (log: string, kind: Line['kind']): number =>
  linesOf(log).filter((line) => line.kind === kind).length;

interface Chaos {
  readonly lines: readonly Line[];
  readonly killed: ReadonlySet<string>;
}

/** Lets `tasks` tasks through while processes are struck; what is left in the folder is checked. */
async function chaos(t: TestContext, tasks: number, order: 'ordered' | 'any'): Promise<Chaos> {
  const seed = Date.now() & 0xffff;
  t.diagnostic(`seed ${seed}`);
  const chance = seeded(seed);
  const base = makeFolder(t, {});
  const [folder, log] = [path.join(base, 'queue'), path.join(base, 'log')];
  writeFileSync(log, '');
  const atOnce = order === 'ordered' ? '1' : '4';
  const producers = startFleet(t, PRODUCERS, 'producer', (name) => [
    folder,
    log,
    name,
    order,
    atOnce,
  ]);
  const consumers = startFleet(t, CONSUMERS, 'consumer', (name) => [folder, log, name, order]);
  const striking = new AbortController();
  const strikes = (async () => {
    for (let isIt = true; isIt; isIt = !striking.signal.aborted) {
      await pause(chance.next() * 2 * STRIKE_EVERY_MS);
      (chance.next() < 0.5 ? producers : consumers).strike(chance);
    }
  })();
  await eventually('the acknowledgements', () => countOf(log, 'ack') >= tasks, LIMIT_MS);
  striking.abort();
  await strikes;
  await producers.end();
  const queue = await openFolderQueue(folder, { ordered: order === 'ordered' });
  t.after(() => queue.close());
  const isEmpty = async (): Promise<boolean> => {
    const { waiting, delayed, in_progress } = await queue.counts();
    return waiting + delayed + in_progress === 0;
  };
  await eventually('all tasks to have run', isEmpty, LIMIT_MS);
  await consumers.end();
  await queue.recover();
  assert.deepEqual([...producers.complaints, ...consumers.complaints], [], 'none ended by itself');
  assert.deepEqual(filesBelow(folder), AT_REST, 'no file and no lease is left');
  return { lines: linesOf(log), killed: consumers.killed };
}

/** The runs of each task, in order. */
function runsOf(lines: readonly Line[]): Map<string, Line[]> {
  const runs = new Map<string, Line[]>();
  for (const line of lines) {
    if (line.kind !== 'ack') runs.set(line.cat, [...(runs.get(line.cat) ?? []), line]);
  }
  return runs;
}

/** Every acknowledged task ran to its end; it ran again only after a run that failed or was cut. */
function checkRuns({ lines, killed }: Chaos): void {
  const runs = runsOf(lines);
  const lost = lines.filter(
    ({ kind, cat }) =>
      kind === 'ack' && runs.get(cat)?.some((line) => line.kind === 'end') !== true,
  );
  assert.deepEqual(lost, [], 'acknowledged tasks that never ran to their end');
  for (const [cat, told] of runs) {
    for (const [index, line] of told.entries()) {
      const next = told[index + 1];
      if (next === undefined || line.kind === 'fail') continue;
      const isSameRun = line.kind === 'start' && next.kind !== 'start' && next.name === line.name;
      const isCut = next.kind === 'start' && killed.has(line.name);
      assert.ok(isSameRun || isCut, `task ${cat}: ${JSON.stringify(told)}`);
    }
  }
}

/** One at a time; one that failed or was cut comes again before the next; each producer's in turn. */
function checkOrder({ lines }: Chaos): void {
  const starts = lines.filter(({ kind }) => kind !== 'ack');
  const last = new Map<string, number>();
  for (const [index, line] of starts.entries()) {
    if (line.kind !== 'start') continue;
    const before = starts[index - 1];
    const mayBeNew = before === undefined || before.kind === 'end' || before.cat === line.cat;
    assert.ok(mayBeNew, `${line.cat} began after: ${JSON.stringify(before)}`);
    const [producer = '', number] = line.cat.split('-');
    assert.ok(Number(number) >= (last.get(producer) ?? 0), `${line.cat} began too late`);
    last.set(producer, Number(number));
  }
}

test('no task is lost or run twice at once, whoever is killed or stopped', async (t) => {
  const told = await chaos(t, isLong ? 10_000 : 2000, 'any');
  checkRuns(told);
});

test('an ordered queue stays in order, whoever is killed or stopped', async (t) => {
  const told = await chaos(t, isLong ? 2000 : 300, 'ordered');
  checkRuns(told);
  checkOrder(told);
});
