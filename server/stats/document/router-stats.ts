import type { HttpRouterStats } from '../../../shared/stats.js';
import { type RouterSlot, shown, type SupervisedProcess } from '../../master/decide/slots.js';
import type { Sources } from './sources.js';

/** The entries of the routers; none without `--http`. */
export function routerStats(sources: Sources): HttpRouterStats[] {
  return sources.state.routers.map((slot) => entryOf(slot, sources));
}

function entryOf(slot: RouterSlot, sources: Sources): HttpRouterStats {
  const process = shown(slot);
  const { addresses, queueLimit, figures } = sources.routers;
  const counted = figures(slot.id);
  const measured = sources.measured(process?.pid ?? 0);
  return {
    id: slot.id,
    pid: process?.pid ?? 0,
    state: stateOf(slot, process, sources.now),
    addresses: [...addresses],
    ...{ requests: counted.requests, in_flight: counted.in_flight },
    ...{ queued: counted.queued, queue_max: counted.queue_max, queue_limit: queueLimit() },
    ...{ connections: counted.connections, upgraded: counted.upgraded },
    ...{ refused: { ...counted.refused }, answered: came(counted.answered_by_router) },
    ...{ retries: counted.retries, aborted: counted.aborted, rx: counted.rx, tx: counted.tx },
    ...{ rss: measured?.rss ?? 0, cpu: measured?.cpu ?? null },
    last_spawn: process === undefined ? 0 : epoch(sources, process.spawnedAt),
    respawn_count: slot.spawns,
    last_exit: lastExit(slot, sources),
    static_requests: counted.static_requests,
    backends: counted.backends.map((backend) => ({ ...backend })),
    accepting: Number(process?.state === 'ready' && !sources.state.paused),
  };
}

function came(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** Whole seconds since 1970. */
export function epoch({ wallMs }: Sources, monotonic: number): number {
  return Math.floor(wallMs(monotonic) / 1000);
}

/** How its last process ended. */
export function lastExit(
  { lastExit: last }: Pick<RouterSlot, 'lastExit'>,
  sources: Sources,
): HttpRouterStats['last_exit'] {
  if (last === null) return null;
  const { pid, code, signal, reason, at, stderr } = last;
  return { pid, code, signal, reason, at: epoch(sources, at), stderr: [...stderr] };
}

/** How the process to show for a router or spooler is. */
export function stateOf(
  { respawnAt }: Pick<RouterSlot, 'respawnAt'>,
  process: SupervisedProcess | undefined,
  now: number,
): HttpRouterStats['state'] {
  if (process === undefined) return respawnAt > now ? 'backoff' : 'dead';
  return process.state === 'ending' ? 'draining' : process.state;
}
