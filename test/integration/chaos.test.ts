import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { StatsDocument } from '../../shared/stats.js';
import { attribute } from '../support/attribution.js';
import {
  type Chaos,
  createChaos,
  FAULT_NAMES,
  FAULTS,
  type FaultName,
  type Victim,
} from '../support/chaos.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { type Failed, type Ledger, openLedger } from '../support/ledger.js';
import { seeded } from '../support/seeded.js';
import { APPS, descendants, isAlive, startServer, type TestServer } from '../support/server.js';

/** The proof is three minutes of it. */
const LASTS_MS = process.env['TEST_LONG'] === '1' ? 180_000 : 8000;
const WORKERS = 4;
/** Loops of each kind: on a new connection for each request, and on one that is kept. */
const CLIENTS = 4;
/** So many faults are under way at once, on different workers. */
const AT_ONCE = 2;

/** The small heap is soon full; a fault leaves no core file. */
function startChaosServer(t: TestContext): { server: TestServer; folder: string } {
  const folder = makeFolder(t, {});
  for (const name of ['notes', 'tmp', 'cwd']) mkdirSync(path.join(folder, name));
  const options = ['-p', String(WORKERS), '--worker-stall', '2', '--harakiri-route', '^/block=1'];
  const app = ['--module', path.join(APPS, 'chaos.mjs'), '--disable-logging'];
  const server = startServer(t, [...app, ...options], {
    cwd: path.join(folder, 'cwd'),
    env: {
      CHAOS_NOTES: path.join(folder, 'notes'),
      TMPDIR: path.join(folder, 'tmp'),
      NODE_OPTIONS: '--max-old-space-size=64',
    },
    launcher: ['sh', '-c', 'ulimit -c 0; exec "$0" "$@"'],
  });
  return { server, folder };
}

/** Everything that a master could leak, as text. */
function belongings(server: TestServer, folder: string): Record<string, string[]> {
  const files = (of: string): string[] => readdirSync(of, { recursive: true, encoding: 'utf8' });
  const fds = `/proc/${server.pid}/fd`;
  return {
    processes: descendants(server.pid).map(() => 'a process'),
    descriptors: readdirSync(fds)
      .flatMap((fd) => kindOf(path.join(fds, fd)))
      .sort(),
    files: ['tmp', 'cwd'].flatMap((name) => files(path.join(folder, name))),
    runtime: files(server.directory),
  };
}

/** What a descriptor is, without the number that tells it from others of its kind. */
function kindOf(fd: string): string[] {
  try {
    return [readlinkSync(fd).replaceAll(/\d+/g, 'N')];
  } catch {
    return [];
  }
}

/**
 * Sockets that a process holds for connections of TCP: those of its descriptors that neither listen nor
 * are of unix. They cannot be counted by port: when both sides have ended one, /proc/net/tcp has a
 * row of TIME_WAIT without an inode in its place, while the process may hold the descriptor still.
 */
function openConnections(pid: number): number {
  const fds = `/proc/${pid}/fd`;
  const others = new Set([...unixSockets(), ...listeningSockets()]);
  return readdirSync(fds)
    .flatMap((fd) => socketOf(path.join(fds, fd)))
    .filter((inode) => !others.has(inode)).length;
}

function socketOf(fd: string): string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(fd))?.slice(1) ?? [];
  } catch {
    return [];
  }
}

const rowsOf = (table: string): string[][] =>
  readFileSync(`/proc/net/${table}`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/));

const unixSockets = (): string[] => rowsOf('unix').map((fields) => fields[6] ?? '');

const listeningSockets = (): string[] =>
  rowsOf('tcp')
    .filter((fields) => fields[3] === LISTENING)
    .map((fields) => fields[9] ?? '');

const LISTENING = '0A';

/** Clients of both kinds, until they are stopped. */
function startClients(ledger: Ledger): { stop(): Promise<void> } {
  let running = true;
  const loop = async (agent: http.Agent | undefined): Promise<void> => {
    while (running) await ledger.ask('/', agent);
    agent?.destroy();
  };
  const loops = Array.from({ length: CLIENTS }, () => [
    loop(undefined),
    loop(new http.Agent({ keepAlive: true, maxSockets: 1 })),
  ]).flat();
  return {
    async stop() {
      running = false;
      await Promise.all(loops);
    },
  };
}

/** Reads the stats until it is stopped: the master must answer, and its totals never go back. */
function watchTotals(server: TestServer): { stop(): Promise<{ read: number; back: string[] }> } {
  let running = true;
  let read = 0;
  const back: string[] = [];
  const most = new Map<number, number>();
  const watch = async (): Promise<void> => {
    while (running) {
      const { workers } = await server.stats();
      read++;
      for (const { id, requests, lost, respawn_count } of workers) {
        const now = requests + lost + respawn_count;
        if (now < (most.get(id) ?? 0)) back.push(`worker ${id}: ${now} after ${most.get(id)}`);
        most.set(id, now);
      }
    }
  };
  const watching = watch();
  return {
    async stop() {
      running = false;
      await watching;
      return { read, back };
    },
  };
}

/** Inflicts every fault once, in another order each time, until the time is over. */
async function rampage(chaos: Chaos, shuffled: () => FaultName[]): Promise<void> {
  const end = performance.now() + LASTS_MS;
  const coming = shuffled();
  const loop = async (): Promise<void> => {
    for (;;) {
      if (coming.length === 0 && performance.now() < end) coming.push(...shuffled());
      const next = coming.shift();
      if (next === undefined) return;
      await chaos.inflict(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
}

/** What the ledger says of one process, against what the master counted for it. */
interface Balance {
  /** Answers that clients have and the master has not counted. */
  readonly missing: number;
  /** Milliseconds from the first of these to the last answer of the process. */
  readonly window: number;
}

function balance({ pid, requests }: Pick<Victim, 'pid' | 'requests'>, ledger: Ledger): Balance {
  const times = ledger.answered.filter((each) => each.pid === pid).map(({ at }) => at);
  const missing = times.length - requests;
  if (missing <= 0) return { missing, window: 0 };
  return { missing, window: (times.at(-1) ?? 0) - (times.at(-missing) ?? 0) };
}

/**
 * Every answer is counted for the process that gave it, to the last one; but what a process answered
 * in the 5 ms before it was killed is counted as what it was when it was looked last, inside of it:
 * `lost`. All others that are counted as lost were cut off.
 */
function checkVictim(victim: Victim, ledger: Ledger, inside: readonly Failed[]): Balance {
  const { fault, lost } = victim;
  const found = balance(victim, ledger);
  const { missing } = found;
  const what = `${fault}, process ${victim.pid}: ${JSON.stringify({ ...found, lost })}`;
  if (FAULTS[fault].sudden) {
    assert.ok(missing >= 0 && missing <= lost, what);
  } else {
    assert.equal(missing, 0, what);
  }
  // What was inside when it was counted last was cut off, or has been answered since.
  assert.ok(lost <= inside.length + missing, `${what}, ${inside.length} cut off`);
  if (fault === 'blocked loop') assert.ok(lost >= 1, what);
  if (fault === 'uncaught exception') assert.deepEqual([lost, inside.length], [0, 0], what);
  return found;
}

const sumOf = <T>(things: readonly T[], of: (thing: T) => number): number =>
  things.reduce((sum, thing) => sum + of(thing), 0);

/** Waits until the workers that live have counted all that clients have of them. */
function untilCounted(server: TestServer, ledger: Ledger): Promise<StatsDocument> {
  const answersOf = (pid: number): number =>
    ledger.answered.filter((each) => each.pid === pid).length;
  return server.until('exact counts of the workers that live', ({ workers }) =>
    workers.every(({ pid, delta_requests }) => delta_requests === answersOf(pid)),
  );
}

test('whatever happens to workers the master lives, only what was inside them is lost, and nothing leaks', async (t) => {
  const chance = seeded(Number(process.env['CHAOS_SEED'] ?? Date.now() % 2 ** 31));
  t.diagnostic(`CHAOS_SEED=${chance.seed}`);
  const { server, folder } = startChaosServer(t);
  const before = await server.until('measured workers', ({ workers }) =>
    workers.every(({ accepting, cpu }) => accepting === 1 && cpu !== null),
  );
  await eventually('the end of the last reader', () => openConnections(server.pid) === 0);
  const owned = belongings(server, folder);
  const ledger = openLedger((await server.url()).slice(0, -1));
  const clients = startClients(ledger);
  const totals = watchTotals(server);
  const chaos = createChaos({ server, ledger, chance });
  await rampage(chaos, () => chance.shuffled(FAULT_NAMES));
  const answered = ledger.answered.length;
  await eventually('answers after it all', () => ledger.answered.length > answered + 50);
  await clients.stop();
  const { read, back } = await totals.stop();
  assert.deepEqual(back, [], 'no total goes back');
  assert.ok(read > 20, `the stats were answered ${read} times`);

  const { victims } = chaos;

  // The master is the one that was started.
  const after = await untilCounted(server, ledger);
  assert.deepEqual([after.pid, after.boot_id], [server.pid, before.boot_id]);

  // Every request was answered, but for those inside a process that a fault had hit.
  const { inside, unaccounted } = attribute(ledger.failed, victims, path.join(folder, 'notes'));
  assert.deepEqual(unaccounted, []);
  const balances = victims.map((victim) => ({
    victim,
    ...checkVictim(victim, ledger, inside.get(victim.pid) ?? []),
  }));
  const missing = sumOf(balances, (each) => each.missing);
  const { workers } = after;
  const requests = sumOf(workers, (each) => each.requests);
  assert.equal(requests + missing, ledger.answered.length);

  assert.equal(
    sumOf(workers, (each) => each.lost),
    sumOf(victims, (each) => each.lost),
  );

  // What the stats say of the faults is what was inflicted.
  const inflicted = (name: FaultName): number =>
    victims.filter(({ fault }) => fault === name).length;
  for (const name of FAULT_NAMES) assert.ok(inflicted(name) > 0, `${name} never happened`);
  for (const { id, respawn_count, harakiri_count } of workers) {
    const own = victims.filter(({ worker }) => worker === id);
    assert.equal(respawn_count, 1 + own.length);
    assert.equal(harakiri_count, own.filter(({ fault }) => fault === 'blocked loop').length);
  }
  assert.equal(
    sumOf(workers, ({ exceptions }) => exceptions),
    inflicted('uncaught exception'),
  );
  const blocked = victims.filter(({ fault }) => fault === 'blocked loop').slice(-50);
  assert.deepEqual(
    after.harakiris.map(({ pid }) => pid).sort(),
    blocked.map(({ pid }) => pid).sort(),
  );
  for (const { stack } of after.harakiris) assert.match(stack[0] ?? '', /^blocksTheLoop /);

  // Nothing is left of the dead.
  assert.deepEqual(victims.map(({ pid }) => pid).filter(isAlive), []);
  await eventually('no process, descriptor or file more than before', () => {
    assert.deepEqual(belongings(server, folder), owned);
    return true;
  });

  const worst = balances.reduce((most, each) => (each.window > most.window ? each : most));
  t.diagnostic(FAULT_NAMES.map((name) => `${inflicted(name)} ${name}`).join(', '));
  t.diagnostic(
    `${ledger.answered.length} answered, ${ledger.failed.length} cut off inside the dead, ` +
      `${sumOf(workers, (each) => each.lost)} counted as lost, ${missing} of them answered at the last moment, ` +
      `the oldest of these ${worst.window} ms before the last answer of its process; ` +
      `stats read ${read} times`,
  );
});
