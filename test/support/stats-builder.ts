import type {
  HttpRouterStats,
  InstanceMemory,
  Latency,
  MasterStats,
  OptionLimits,
  RecentLatency,
  StatsDocument,
  UwsgiCore,
  WorkerStats,
} from '../../shared/stats.js';
import { bucketOf, merge } from '../../shared/histogram.js';

/** When every built document was made: seconds since 1970. */
export const NOW = 1_795_327_428;

/** Of a minute in which nothing ended. */
export const NO_LATENCY: RecentLatency = {
  seconds: 60,
  count: 0,
  p50_us: null,
  p95_us: null,
  p99_us: null,
};

/** Where nothing is known of memory. */
export const NO_MEMORY: InstanceMemory = { pool_pss: null, cgroup: null, pressure: null };

/** Where no option limits it. */
export const NO_OPTION_LIMITS: OptionLimits = {
  ...{ reload_on_rss: null, reload_on_uss: null, reload_on_pss: null, reload_on_heap: null },
  memory_budget: null,
};

/** A master that was not measured yet. */
export const UNMEASURED_MASTER: MasterStats = {
  ...{ rss: 0, vsz: 0, cpu: null, uss: null, pss: null, shared: null, swap: null },
};

/** A core that serves a request since `age` seconds. */
export function busyCore(id: number, method: string, uri: string, age: number): UwsgiCore {
  return {
    ...idleCore(id),
    in_request: 1,
    vars: [`REQUEST_METHOD=${method}`, `REQUEST_URI=${uri}`, 'REMOTE_ADDR=127.0.0.1', ''],
    req_info: { request_start: NOW - age },
  };
}

export function idleCore(id: number): UwsgiCore {
  return {
    id,
    requests: 0,
    static_requests: 0,
    routed_requests: 0,
    offloaded_requests: 0,
    write_errors: 0,
    read_errors: 0,
    in_request: 0,
    vars: [],
    req_info: {},
  };
}

/** A histogram with these times in it, in milliseconds. */
export function latencyOf(...times: readonly number[]): Latency {
  const micros = times.map((time) => time * 1000);
  return {
    count: times.length,
    sum_us: micros.reduce((sum, time) => sum + time, 0),
    buckets: merge(
      micros.map((time): [number, number] => [bucketOf(time), 1]),
      [],
    ),
  };
}

/** An idle worker with a past, and what a test wants otherwise. */
export function worker(id: number, change: Partial<WorkerStats> = {}): WorkerStats {
  return {
    id,
    pid: 21_408 + id,
    accepting: 1,
    requests: 100_000 + id * 1117,
    delta_requests: 100_000,
    exceptions: 0,
    harakiri_count: 0,
    signals: 0,
    signal_queue: 0,
    status: 'idle',
    rss: (110 + id) * 1024 * 1024,
    vsz: 980 * 1024 * 1024,
    running_time: 412_000_000 + id * 1e6,
    last_spawn: NOW - 273_600,
    respawn_count: 1,
    tx: 812_000_000 + id * 1e6,
    avg_rt: 4000 + id * 100,
    apps: [],
    cores: [idleCore(0)],
    state: 'ready',
    generation: 7,
    in_flight: 0,
    queue_depth: 0,
    aborted: 0,
    lost: 0,
    upgraded: 0,
    cpu: 13,
    stalled_ms: 0,
    ready_at: NOW - 273_599,
    latency: latencyOf(),
    last_exit: null,
    draining: [],
    next_spawn_at: 0,
    loop_utilization: 0,
    loop_delay_ms: 0,
    loop_delay_max_ms: 0,
    heap_used: 0,
    heap_total: 0,
    heap_limit: 0,
    uss: null,
    pss: null,
    recent_latency: NO_LATENCY,
    refused: {},
    ...{ shared: null, swap: null, external: null, array_buffers: null, malloced: null },
    ...{ native_contexts: null, detached_contexts: null, handles: null, active_requests: null },
    ...{ heap_spaces: [], gc: null, inside_age_ms: null },
    ...change,
  };
}

/** A document of tsuwsgi with these workers. */
export function instance(
  workers: readonly WorkerStats[],
  change: Partial<StatsDocument> = {},
): StatsDocument {
  return {
    version: '0.1.0',
    listen_queue: 0,
    listen_queue_errors: 0,
    signal_queue: 0,
    load: 0,
    pid: 21_400,
    uid: 1000,
    gid: 1000,
    cwd: '/srv/catserve',
    locks: [],
    sockets: [
      {
        name: '127.0.0.1:8000',
        proto: 'http',
        queue: 0,
        max_queue: 100,
        shared: 0,
        can_offload: 0,
      },
    ],
    workers: [...workers],
    server: 'tsuwsgi',
    name: 'catserve',
    hostname: 'web-1',
    node: 'v20.20.2',
    boot_id: 'boot-1',
    start_time: NOW - 273_610,
    time: NOW,
    generation: 7,
    async: 16,
    in_flight: workers.reduce((sum, { in_flight: flying }) => sum + flying, 0),
    queue_depth: workers.reduce((sum, { queue_depth: depth }) => sum + depth, 0),
    master: { ...UNMEASURED_MASTER, rss: 60 * 1024 * 1024, vsz: 900 * 1024 * 1024, cpu: 1 },
    reload: { state: 'done', replaced: 12, total: 12, reason: '', ended_at: NOW - 3600 },
    harakiris: [],
    upgrade: { state: 'none', reason: '', ended_at: 0 },
    recent_latency: NO_LATENCY,
    memory: NO_MEMORY,
    memory_limits: NO_OPTION_LIMITS,
    routers: [],
    certificates: [],
    events: [],
    spoolers: [],
    loggers: [],
    config: { files: [], read_at: 0, taken_at: 0, changed: [], pending: [], problems: [] },
    ...change,
  };
}

/** A router that serves, with nothing counted, and what a test wants otherwise. */
export function router(id: number, change: Partial<HttpRouterStats> = {}): HttpRouterStats {
  return {
    ...{ id, pid: 31_000 + id, state: 'ready', addresses: ['127.0.0.1:8000'], requests: 0 },
    ...{ in_flight: 0, queued: 0, queue_max: 0, queue_limit: 1000, connections: 0, upgraded: 0 },
    ...{ refused: {}, answered: {}, retries: 0, aborted: 0, rx: 0, tx: 0, rss: 50 * 1024 * 1024 },
    ...{ cpu: 1, last_spawn: NOW - 3600, respawn_count: 1, last_exit: null, static_requests: 0 },
    ...{ backends: [], accepting: 1 },
    ...change,
  };
}
