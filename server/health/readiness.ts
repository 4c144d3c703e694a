import type { HttpRouterStats, SpoolerStats, WorkerStats } from '../../shared/stats.js';

/** From this stall on a worker does not count as one that accepts, in milliseconds. */
const STALLED_MS = 1000;

/** Whether clients should be sent here, and why not, or what serves, as one line. */
export interface Readiness {
  readonly ready: boolean;
  readonly line: string;
}

/**
 * Whether a worker takes connections and answers them: a stalled one lets them wait, and one whose
 * application did not load answers 500 to everything.
 */
export function acceptsNow(worker: WorkerStats): boolean {
  return worker.accepting === 1 && !isStalled(worker) && worker.apps.length > 0;
}

function isStalled(worker: WorkerStats): boolean {
  return worker.stalled_ms >= STALLED_MS;
}

/** What of a router decides it. */
export type RouterServed = Pick<HttpRouterStats, 'state' | 'accepting' | 'backends'>;

/** What of the stats decides it. */
interface Served {
  readonly workers: readonly WorkerStats[];
  readonly routers: readonly RouterServed[];
  readonly spoolers: readonly Pick<SpoolerStats, 'state'>[];
}

/**
 * Decides `/readyz`: one worker that accepts is enough, and one router where there are any, which
 * needs one back end where it asks others. Spoolers decide only where they are all there is.
 */
export function readiness({ workers, routers, spoolers }: Served, isStopping: boolean): Readiness {
  if (isStopping) return no('stopping: requests in flight finish, no new ones are taken');
  if (workers.length === 0 && routers.length > 0) return readinessOfRouters(routers);
  if (workers.length === 0 && spoolers.length > 0) return readinessOfSpoolers(spoolers);
  const served = readinessOfWorkers(workers);
  if (!served.ready || routers.length === 0) return served;
  const routed = readinessOfRouters(routers);
  return routed.ready ? served : routed;
}

function readinessOfSpoolers(spoolers: Served['spoolers']): Readiness {
  const working = spoolers.filter(({ state }) => state === 'ready');
  if (working.length === 0) return no(`no spooler runs tasks: ${census(spoolers)}`);
  return { ready: true, line: `ready: ${working.length} of ${spoolers.length} spoolers run tasks` };
}

/** A router listens only once it has somebody to ask: until then clients of its sockets are refused. */
function readinessOfRouters(routers: readonly RouterServed[]): Readiness {
  if (routers.some(({ state }) => state === 'ready')) {
    const accepting = routers.filter((router) => router.accepting === 1);
    if (accepting.length === 0) {
      return no('paused: the routers accept nothing until they are told to go on');
    }
    return readinessOfBackends(accepting, routers.length);
  }
  return no(`no router accepts: ${census(routers)}`);
}

/**
 * One that was down and may be asked again is hoped for: nothing but a request finds out, and none
 * would come to an instance that says it is not ready.
 */
function readinessOfBackends(accepting: readonly RouterServed[], all: number): Readiness {
  const backends = accepting[0]?.backends ?? [];
  const isServed = accepting.some(
    (router) =>
      router.backends.length === 0 || router.backends.some(({ state }) => state !== 'down'),
  );
  if (!isServed) {
    const which = backends.length === 1 ? 'the only one is' : `all ${backends.length} are`;
    return no(`no back end can be reached: ${which} down`);
  }
  const isKnown = accepting.some(
    (router) => router.backends.length === 0 || router.backends.some(({ state }) => state === 'up'),
  );
  const hope = isKnown ? '' : '; no back end is known to be up, the next request finds out';
  return { ready: true, line: `ready: ${accepting.length} of ${all} routers accept${hope}` };
}

function readinessOfWorkers(workers: readonly WorkerStats[]): Readiness {
  const wanted = workers.filter(({ state }) => state !== 'cheap');
  const accepting = workers.filter(acceptsNow);
  if (accepting.length > 0) {
    return { ready: true, line: `ready: ${accepting.length} of ${wanted.length} workers accept` };
  }
  const open = workers.filter((worker) => worker.accepting === 1);
  if (open.length > 0) return no(unable(open));
  // A process is ready from its own word on, and does not accept while it is told not to.
  if (workers.some(({ state }) => state === 'ready')) {
    return no('paused: the workers accept nothing until they are told to go on');
  }
  if (wanted.length > 0 && wanted.every(isFirstStart)) {
    return no(`starting: none of ${wanted.length} workers has loaded its application yet`);
  }
  return no(`no worker accepts: ${census(wanted)}`);
}

function no(line: string): Readiness {
  return { ready: false, line };
}

/** Why workers that accept answer nobody. */
function unable(open: readonly WorkerStats[]): string {
  const stalled = open.filter(isStalled);
  if (stalled.length === 0) return 'no application: it did not load, and every request gets 500';
  const longest = Math.max(...stalled.map(({ stalled_ms: ms }) => ms)) / 1000;
  return `stalled: the event loops of all ${stalled.length} workers that could accept are blocked, one for ${longest.toFixed(1)} s`;
}

/** Whether no process of this worker has died yet: nothing went wrong so far. */
function isFirstStart(worker: WorkerStats): boolean {
  return worker.last_exit === null && (worker.state === 'starting' || worker.state === 'dead');
}

/** How many of them are in which state, such as `2 backoff, 1 starting`. */
function census(processes: readonly { readonly state: string }[]): string {
  const counts = new Map<string, number>();
  for (const { state } of processes) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].sort(([, a], [, b]) => b - a);
  return parts.length === 0
    ? 'none is wanted'
    : parts.map(([state, n]) => `${n} ${state}`).join(', ');
}
