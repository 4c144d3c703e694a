import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { ENGINES } from '../support/queue-engines.js';
import { type Seeded, seeded } from '../support/seeded.js';
import { APPS, type TestServer } from '../support/server.js';
import { type Spooling, startSpooling } from '../support/spooling.js';
import { checkRuns, readTaskLines, runsOf } from '../support/task-ledger.js';

const isLong = process.env['TEST_LONG'] === '1';
/** How many tasks without that; a Redis that writes each change down takes longer. */
const FEW: Readonly<Record<string, number>> = { 'a folder': 1200, 'a Redis': 400 };
const LIMIT_MS = isLong ? 1_200_000 : 150_000;
const WORKERS = 4;
/** Requests at a time. */
const CLIENTS = 8;
/** One task of so many never ends by itself the first time. */
const LINGERS = 150;
/** One of so many has a key. */
const KEYED = 5;
const STRIKE_EVERY_MS = 300;
const LONGEST_STOP_MS = 400;

/** How often each kind of strike was tried, and whom the test killed. */
interface Strikes {
  readonly counts: Map<string, number>;
  readonly killed: Set<number>;
}

/** Has requests spool tasks until so many are acknowledged; each one is written down. */
async function produce({ server, queue }: Spooling, tasks: number, log: string): Promise<void> {
  const url = await server.url();
  let begun = 0;
  let acknowledged = 0;
  const client = async (): Promise<void> => {
    while (acknowledged < tasks) {
      const number = begun++;
      const cat = `cat-${number}`;
      const name = number % LINGERS === LINGERS - 1 ? 'linger' : 'run';
      const payload = { file: log, cat, blocks: number % (2 * LINGERS) < LINGERS };
      const key = number % KEYED === 0 ? { dedupeKey: cat } : {};
      const order = [name, payload, { retries: 1000, queue, ...key }];
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(order) }).catch(
        // Its worker was killed, or a connection of another request to it: nobody knows.
        () => null,
      );
      const answer = await response?.text().catch(() => '');
      if (response?.status !== 200 || answer === '' || answer === undefined) continue;
      assert.equal((JSON.parse(answer) as { isNew: boolean }).isNew, true);
      appendFileSync(log, `ack ${cat}\n`);
      acknowledged++;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // It has gone meanwhile.
  }
}

/** Does something bad to a process by chance. */
async function strike(server: TestServer, chance: Seeded, strikes: Strikes): Promise<void> {
  const { workers, spoolers } = await server.stats();
  const what = chance.pick(['kill', 'kill', 'stop', 'stop', 'kill worker', 'reload']);
  const pids = (what === 'kill worker' ? workers : spoolers).map(({ pid }) => pid).filter(Boolean);
  strikes.counts.set(what, (strikes.counts.get(what) ?? 0) + 1);
  if (what === 'reload') {
    server.kill('SIGHUP');
    return;
  }
  if (pids.length === 0) return;
  const pid = chance.pick(pids);
  if (what === 'stop') {
    if (!signal(pid, 'SIGSTOP')) return;
    await pause(chance.next() * LONGEST_STOP_MS);
    signal(pid, 'SIGCONT');
  } else if (signal(pid, 'SIGKILL')) {
    strikes.killed.add(pid);
  }
}

/** Those that the master has killed, by its log: for a task that took too long, or mercy that was over. */
function killedByMaster(output: string): Set<number> {
  const told = /HARAKIRI ON spooler \d+ \(pid: (\d+)\)|spooler \d+ \(pid: (\d+)\) .*NO MERCY/g;
  return new Set([...output.matchAll(told)].map(([, one, other]) => Number(one ?? other)));
}

async function proveNothingIsLost(
  t: TestContext,
  { name, site }: (typeof ENGINES)[number],
): Promise<void> {
  const chance = seeded(Number(process.env['CHAOS_SEED'] ?? Date.now() % 2 ** 31));
  t.diagnostic(`CHAOS_SEED=${chance.seed}`);
  const tasks = isLong ? 10_000 : (FEW[name] ?? 400);
  const { place: queue, mustRest } = await site(t);
  const spooling = startSpooling(
    t,
    [
      ...['-p', String(WORKERS), '--disable-logging', '--spooler-processes', '3'],
      ...['--spooler-concurrency', '2', '--spooler-harakiri', '1', '--spooler-frequency', '2'],
      ...['--spooler-reload-mercy', '2'],
    ],
    { module: path.join(APPS, 'chaos-tasks.mjs'), queue },
  );
  const { server } = spooling;
  await server.ready();
  const log = path.join(makeFolder(t, {}), 'log');
  writeFileSync(log, '');
  const strikes: Strikes = { counts: new Map(), killed: new Set() };
  const began = performance.now();
  const producing = new AbortController();
  const striking = (async () => {
    while (!producing.signal.aborted) {
      await pause(chance.next() * 2 * STRIKE_EVERY_MS);
      await strike(server, chance, strikes);
    }
  })();
  await produce(spooling, tasks, log).finally(() => {
    producing.abort();
  });
  await striking;
  await eventually(
    'every task to have run, and nothing to be left of any',
    () => mustRest().then(() => true),
    LIMIT_MS,
  );
  const seconds = (performance.now() - began) / 1000;
  // While its queue is there: what made that is registered before the server, and removed before it.
  server.child.kill('SIGTERM');
  assert.equal(await server.exited(), 0);

  const punished = killedByMaster(server.output);
  const killed = new Set([...strikes.killed, ...punished].map(String));
  const lines = readTaskLines(log);
  const cuts = checkRuns({ lines, killed });
  for (const [cat, told] of runsOf(lines)) {
    const attempts = told.filter(({ kind }) => kind === 'start').map(({ attempt }) => attempt);
    const isRising = attempts.every((attempt, index) => attempt > (attempts[index - 1] ?? 0));
    assert.ok(isRising, `each run of task ${cat} has a number of its own: ${attempts.join()}`);
  }
  assert.match(server.output, /HARAKIRI ON spooler/);
  const did = [...strikes.counts].map(([what, count]) => `${count} × ${what}`).join(', ');
  t.diagnostic(
    `${tasks} tasks in ${seconds.toFixed(0)} s; ${did}; ${punished.size} killed by the master; ${cuts} runs cut`,
  );
}

for (const engine of ENGINES) {
  const { name, skip } = engine;
  test(
    `no task that an application put into ${name} is lost, whoever is killed, stopped or reloaded`,
    {
      skip,
    },
    (t) => proveNothingIsLost(t, engine),
  );
}
