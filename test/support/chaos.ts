import assert from 'node:assert/strict';
import http from 'node:http';
import type { WorkerStats } from '../../shared/stats.js';
import { eventually } from './eventually.js';
import type { Ledger } from './ledger.js';
import type { Seeded } from './seeded.js';
import type { TestServer } from './server.js';

interface Fault {
  /** Sent to a worker, or a route of test/fixtures/apps/chaos.mjs. */
  readonly by: NodeJS.Signals | `/${string}`;
  /** What the stats must say of the end of the process. */
  readonly reason: string;
  readonly code: number | null;
  readonly signals: readonly (string | null)[];
  /** Whether the process ends without a word: what it left behind is then its last count. */
  readonly sudden: boolean;
}

/** Each way in which a worker may fail. */
export const FAULTS = {
  killed: { by: 'SIGKILL', reason: 'crash', code: null, signals: ['SIGKILL'], sudden: true },
  stopped: { by: 'SIGSTOP', reason: 'stall', code: null, signals: ['SIGKILL'], sudden: true },
  'segmentation fault': {
    ...{ by: 'SIGSEGV', reason: 'crash', code: null, signals: ['SIGSEGV'], sudden: true },
  },
  'blocked loop': {
    ...{ by: '/block', reason: 'harakiri', code: null, signals: ['SIGKILL'], sudden: false },
  },
  // V8 aborts, or traps, depending on its version.
  'out of memory': {
    ...{ by: '/oom', reason: 'crash', code: null, signals: ['SIGABRT', 'SIGTRAP'], sudden: true },
  },
  'uncaught exception': {
    ...{ by: '/throw', reason: 'exception', code: 17, signals: [null], sudden: false },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** A process that a fault was inflicted on, and what the master counted for it in the end. */
export interface Victim {
  readonly fault: FaultName;
  readonly worker: number;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly inflictedAt: number;
  readonly goneAt: number;
  readonly requests: number;
  readonly lost: number;
}

/** What inflicts faults on the workers of a server, one at a time on each of them. */
export interface Chaos {
  readonly victims: readonly Victim[];
  /** Inflicts a fault on a worker by chance, and waits until another process serves under its id. */
  inflict(fault: FaultName): Promise<void>;
}

interface Setting {
  readonly server: TestServer;
  readonly ledger: Ledger;
  readonly chance: Seeded;
}

export function createChaos({ server, ledger, chance }: Setting): Chaos {
  const victims: Victim[] = [];
  const struck = new Set<number>();
  const isFree = ({ id, pid, state, draining }: WorkerStats): boolean =>
    !struck.has(id) && pid > 0 && state === 'ready' && draining.length === 0;

  /** Any worker that is well; it is the caller's until it is given back. */
  const take = (): Promise<WorkerStats> =>
    eventually('a worker that is well', async () => {
      const { workers } = await server.stats();
      const free = workers.filter(isFree);
      if (free.length === 0) return undefined;
      const taken = chance.pick(free);
      struck.add(taken.id);
      return taken;
    });

  /** Has a worker run a route: the one that accepts the connection, which the kernel chooses. */
  const takeByRequest = (route: string): Promise<{ worker: WorkerStats; inflictedAt: number }> =>
    eventually(`a worker that is well to take ${route}`, async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const pid = await ledger.ask('/', agent);
      const { workers } = await server.stats();
      const worker = workers.find((each) => each.pid === pid);
      if (worker === undefined || !isFree(worker)) {
        agent.destroy();
        return undefined;
      }
      struck.add(worker.id);
      const inflictedAt = Date.now();
      void ledger.ask(`${route}?pid=${pid}`, agent).then(() => {
        agent.destroy();
      });
      return { worker, inflictedAt };
    });

  const strike = async (name: FaultName): Promise<{ worker: WorkerStats; inflictedAt: number }> => {
    const { by } = FAULTS[name];
    if (isRoute(by)) return takeByRequest(by);
    const worker = await take();
    const inflictedAt = Date.now();
    process.kill(worker.pid, by);
    return { worker, inflictedAt };
  };

  return {
    victims,
    async inflict(fault) {
      const { worker, inflictedAt } = await strike(fault);
      const { id, pid } = worker;
      let goneAt = 0;
      const { workers } = await server.until(`worker ${id} after: ${fault}`, (stats) => {
        const now = stats.workers.find((each) => each.id === id);
        if (goneAt === 0 && now?.last_exit?.pid === pid) goneAt = Date.now();
        return now !== undefined && goneAt > 0 && isWell(now) && now.pid !== pid;
      });
      const after = workers.find((each) => each.id === id);
      assert.ok(after?.last_exit);
      const { reason, code, signal } = after.last_exit;
      const expected = FAULTS[fault];
      const log = server.output.split('\n').filter((line) => line.includes(`pid: ${pid}`));
      const what = `${fault}, struck at ${new Date(inflictedAt).toISOString()}:\n${log.join('\n')}`;
      assert.deepEqual([reason, code], [expected.reason, expected.code], what);
      const signals: readonly (string | null)[] = expected.signals;
      assert.ok(signals.includes(signal), `ended by ${signal}: ${what}`);
      assert.equal(after.respawn_count, worker.respawn_count + 1, `respawned once: ${what}`);
      const earlier = victims.filter((victim) => victim.worker === id);
      const sum = (of: (victim: Victim) => number): number =>
        earlier.reduce((total, victim) => total + of(victim), 0);
      victims.push({
        ...{ fault, worker: id, pid, inflictedAt, goneAt },
        requests: after.requests - after.delta_requests - sum(({ requests }) => requests),
        lost: after.lost - sum(({ lost }) => lost),
      });
      struck.delete(id);
    },
  };
}

function isWell({ accepting, draining }: WorkerStats): boolean {
  return accepting === 1 && draining.length === 0;
}

function isRoute(by: Fault['by']): by is `/${string}` {
  return by.startsWith('/');
}
