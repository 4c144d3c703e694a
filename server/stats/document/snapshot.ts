import type {
  ConfigStats,
  InstanceExtras,
  ReloadStats,
  StatsDocument,
  UpgradeStats,
  UwsgiInstance,
  WorkerStats,
} from '../../../shared/stats.js';
import { replacedBy } from '../../master/decide/reload.js';
import { active } from '../../master/decide/state.js';
import { optionLimits } from '../../master/decide/recycle-rules.js';
import { masterStats, memoryStats } from './memory-stats.js';
import { routerStats } from './router-stats.js';
import { shownRecord } from './scope.js';
import type { Sources } from './sources.js';
import { spoolerStats } from './spooler-stats.js';
import { workerStats } from './worker-stats.js';

/** Builds the stats document, keys in uWSGI's order and ours behind them. Reading changes nothing. */
export function buildDocument(sources: Sources): StatsDocument {
  const workers = sources.state.slots.map((slot) => workerStats(slot, sources));
  return { ...uwsgiPart(sources), workers, ...extras(sources, workers) };
}

function uwsgiPart({ identity, sockets, listenQueueErrors }: Sources): UwsgiInstance {
  const queue = Math.max(0, ...sockets.map((socket) => socket.queue));
  return {
    version: identity.version,
    listen_queue: queue,
    listen_queue_errors: listenQueueErrors,
    signal_queue: 0,
    load: queue,
    pid: identity.pid,
    uid: identity.uid,
    gid: identity.gid,
    cwd: identity.cwd,
    locks: [],
    sockets: [...sockets],
  };
}

function extras(sources: Sources, workers: readonly WorkerStats[]): InstanceExtras {
  const { identity, state } = sources;
  const sum = (of: (worker: WorkerStats) => number): number =>
    workers.reduce((total, worker) => total + of(worker), 0);
  return {
    server: 'tsuwsgi',
    name: identity.name,
    hostname: identity.hostname,
    node: identity.node,
    boot_id: identity.bootId,
    start_time: identity.startTime,
    time: sources.wallMs(sources.now) / 1000,
    generation: state.generation,
    async: identity.async,
    in_flight: sum((worker) => worker.in_flight),
    queue_depth: sum((worker) => worker.queue_depth),
    master: masterStats(sources),
    reload: reloadStats(sources),
    harakiris: state.harakiris.map((record) => shownRecord(record, sources.scope)),
    upgrade: upgradeStats(sources),
    recent_latency: sources.latencies.all(),
    memory: memoryStats(sources),
    memory_limits: optionLimits(state.settings.recycling),
    routers: routerStats(sources),
    certificates: [...sources.routers.certificates()],
    events: state.events.map(({ kind, subject, text, at }) => {
      return { time: sources.wallMs(at) / 1000, kind, subject, text };
    }),
    spoolers: spoolerStats(sources),
    loggers: [...sources.loggers()],
    config: configStats(sources),
  };
}

function configStats({ state, wallMs }: Sources): ConfigStats {
  const { files, readAt, takenAt, changed, pending, problems } = state.config;
  return {
    files: [...files],
    read_at: wallMs(readAt) / 1000,
    taken_at: wallMs(takenAt) / 1000,
    changed: [...changed],
    pending: [...pending],
    problems: [...problems],
  };
}

function upgradeStats({ state, wallMs }: Sources): UpgradeStats {
  if (state.upgrade !== null) return { state: 'running', reason: '', ended_at: 0 };
  const { state: how, reason, at } = state.lastUpgrade;
  return { state: how, reason, ended_at: how === 'none' ? 0 : wallMs(at) / 1000 };
}

function reloadStats({ state, wallMs }: Sources): ReloadStats {
  const total = active(state).length;
  if (state.reload !== null) {
    return { state: 'running', replaced: replacedBy(state), total, reason: '', ended_at: 0 };
  }
  const { state: how, replaced, reason, at } = state.lastReload;
  const ended = how === 'none' ? 0 : wallMs(at) / 1000;
  return { state: how, replaced, total, reason, ended_at: ended };
}
