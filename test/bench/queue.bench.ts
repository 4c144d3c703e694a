import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { openFolderQueue } from '../../server/queue/folder/open.js';
import { realWorld, type World } from '../../server/queue/folder/world.js';
import { WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { freeCommand } from './pin.js';
import {
  folderQueue,
  nothing,
  PLACES,
  type QueueSubject,
  rateOf,
  uwsgiQueue,
} from './queue-subjects.js';
import { plainBullQueue, redisQueue, WITHOUT_REDIS } from './redis-subjects.js';
import { percentile, spread } from './statistics.js';
import { application } from './subjects.js';

const run = promisify(execFile);

/** Tasks of a turn. */
const TASKS = 1000;
const AT_ONCE = [1, 32] as const;

type Rates = Map<string, number[]>;

function note(rates: Rates, what: string, rate: number): void {
  const known = rates.get(what);
  if (known === undefined) rates.set(what, [rate]);
  else known.push(rate);
}

/** One turn of a queue: tasks put in and run, one at a time and many. */
async function turn(
  name: string,
  subject: QueueSubject,
  atOnce: readonly number[],
  rates: Rates,
): Promise<void> {
  try {
    for (const many of atOnce) {
      note(rates, `${name}, spooled, ${many} at once`, await subject.spool(TASKS, many));
      note(rates, `${name}, run, ${many} at once`, await subject.run(TASKS, many));
    }
  } finally {
    await subject.close();
  }
}

/** Tasks spooled and run a second, and what a hundred thousand that wait cost. */
export async function measureQueue(pairs: number): Promise<void> {
  console.log(`\nQueues: tasks a second, min / median / max of ${pairs} turns of ${TASKS} tasks`);
  const rates: Rates = new Map();
  for (let pair = 0; pair < pairs; pair++) {
    for (const place of ['disk', 'tmpfs'] as const) {
      await turn(`folder on ${place}`, await folderQueue(place), AT_ONCE, rates);
      if (WITHOUT_UWSGI === false) {
        await turn(`uWSGI on ${place}, not durable`, uwsgiQueue(place), [1], rates);
      }
      if (WITHOUT_REDIS === null) {
        await turn(`Redis on ${place}`, await redisQueue(place), AT_ONCE, rates);
        await turn(`plain BullMQ on ${place}`, await plainBullQueue(place), AT_ONCE, rates);
      }
    }
  }
  if (WITHOUT_UWSGI !== false) console.log(`  uWSGI: ${WITHOUT_UWSGI}`);
  if (WITHOUT_REDIS !== null) console.log(`  Redis: ${WITHOUT_REDIS}`);
  for (const [what, values] of rates) console.log(`  ${what}: ${spread(values, 0)}`);
  for (const place of ['disk', 'tmpfs'] as const) await measureWaiting(place, pairs);
}

const FEW = 100;
const MANY = 100_000;
const CLAIMS = 2000;

interface Picked {
  readonly opened: number;
  readonly times: readonly number[];
  readonly grown: number;
}

/** What picking costs a new process where few tasks wait, and where very many do. */
async function measureWaiting(place: keyof typeof PLACES, rounds: number): Promise<void> {
  for (const waiting of [FEW, MANY]) {
    const opened: number[] = [];
    const grown: number[] = [];
    const medians: number[] = [];
    const slow: number[] = [];
    const first: number[] = [];
    const folder = mkdtempSync(path.join(PLACES[place], 'tsuwsgi-bench-'));
    try {
      for (let round = 0; round < rounds; round++) {
        const claims = Math.min(waiting, CLAIMS);
        await fill(folder, round === 0 ? waiting : claims);
        const picked = await pick(folder, claims);
        opened.push(picked.opened);
        grown.push(picked.grown / 1024 / 1024);
        medians.push(percentile(picked.times, 0.5));
        slow.push(percentile(picked.times, 0.99));
        first.push(picked.times[0] ?? NaN);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    console.log(
      `\n${waiting} tasks wait in a folder on ${place}, min / median / max of ${rounds} processes`,
    );
    console.log(`  opened, ms: ${spread(opened, 1)}`);
    console.log(`  the first claim, ms: ${spread(first, 2)}`);
    console.log(`  a claim, median, ms: ${spread(medians, 2)} (aim: under 2)`);
    console.log(`  a claim, p99, ms: ${spread(slow, 2)}`);
    console.log(`  memory that came, MB: ${spread(grown, 1)}`);
  }
}

/** Puts in tasks without the wait for the disk, which is measured elsewhere. */
async function fill(folder: string, count: number): Promise<void> {
  const queue = await openFolderQueue(
    folder,
    { ordered: false },
    withoutSync(realWorld({ claims: false })),
  );
  await rateOf(count, 16, () => queue.put(nothing({})));
  await queue.close();
}

function withoutSync(world: World): World {
  const { files } = world;
  const at = (): Promise<void> => Promise.resolve();
  return {
    ...world,
    files: {
      ...files,
      syncFolder: at,
      create: async (file) => {
        const open = await files.create(file);
        return {
          sync: at,
          facts: () => open.facts(),
          write: (bytes) => open.write(bytes),
          read: (into, position) => open.read(into, position),
          close: () => open.close(),
        };
      },
    },
  };
}

async function pick(folder: string, claims: number): Promise<Picked> {
  const [command, words] = freeCommand([
    ...['--expose-gc', application('pick.js'), folder, String(claims)],
  ]);
  const { stdout } = await run(command, words, { maxBuffer: 16 * 1024 * 1024 });
  return JSON.parse(stdout) as Picked;
}
