import { configReader } from './config-reader.js';
import { BUCKETS } from './histogram.js';
import {
  limitsReader,
  masterReader,
  memoryReader,
  WORKER_MEMORY_READERS,
} from './memory-readers.js';
import {
  amount,
  listOf,
  mapOf,
  objectOf,
  orNull,
  partOf,
  signed,
  text,
  whole,
  word,
} from './read-document.js';
import type { Reader, Readers } from './read-document.js';
import type {
  CertificateStats,
  LoggerStats,
  DecodedInstance,
  DecodedWorker,
  DrainingProcess,
  EventRecord,
  HarakiriRecord,
  HttpRouterStats,
  RouterBackendStats,
  LastExit,
  Latency,
  RecentLatency,
  ReloadStats,
  UpgradeStats,
  UwsgiApp,
  UwsgiCache,
  UwsgiCore,
  UwsgiCron,
  UwsgiDaemon,
  UwsgiLegion,
  UwsgiMetric,
  UwsgiParts,
  UwsgiSocket,
  RunningTask,
  SpoolerStats,
} from './stats.js';

/**
 * A reader for every field of the stats document that a dashboard may rely on. Lists and strings
 * are bounded here; a field of the wrong type is left out and the document is marked damaged.
 */

const pid = whole(2 ** 31 - 1);
const name = text(4096);
const longText = text(65_536);
const cpu = orNull(amount);

const app: Reader<UwsgiApp> = objectOf<UwsgiApp>({
  id: amount,
  modifier1: amount,
  mountpoint: name,
  startup_time: amount,
  requests: amount,
  exceptions: amount,
  chdir: name,
});

const core: Reader<UwsgiCore> = objectOf<UwsgiCore>({
  id: amount,
  requests: amount,
  static_requests: amount,
  routed_requests: amount,
  offloaded_requests: amount,
  write_errors: amount,
  read_errors: amount,
  in_request: amount,
  vars: listOf(longText, 1024),
  req_info: partOf<UwsgiCore['req_info']>({ request_start: amount }),
});

const socket: Reader<UwsgiSocket> = objectOf<UwsgiSocket>({
  name,
  proto: name,
  queue: amount,
  max_queue: amount,
  shared: amount,
  can_offload: amount,
});

const lastExit: Reader<LastExit> = objectOf<LastExit>({
  pid,
  code: orNull(amount),
  signal: orNull(text(64)),
  reason: text(64),
  at: amount,
  stderr: listOf(text(4096), 20),
});

const runningTask: Reader<RunningTask> = objectOf<RunningTask>({
  ...{ id: text(64), name, age_s: amount, attempt: amount },
  progress: orNull(amount),
});

const draining: Reader<DrainingProcess> = objectOf<DrainingProcess>({
  pid,
  in_flight: amount,
  since: amount,
});

const amounts = listOf(amount, 2);

/** [bucket, requests]; a bucket that the histogram does not have is left out. */
const bucket: Reader<[number, number]> = (value, path, notes) => {
  const pair = amounts(value, path, notes);
  const [index, count] = pair ?? [];
  if (index !== undefined && count !== undefined && Number.isInteger(index) && index < BUCKETS) {
    return pair?.length === 2 ? (pair as [number, number]) : [index, count];
  }
  notes.damaged = true;
  return undefined;
};

const latency: Reader<Latency> = objectOf<Latency>({
  count: amount,
  sum_us: amount,
  buckets: listOf(bucket, BUCKETS),
});

const recentLatency: Reader<RecentLatency> = objectOf<RecentLatency>({
  seconds: amount,
  count: amount,
  p50_us: orNull(amount),
  p95_us: orNull(amount),
  p99_us: orNull(amount),
});

const reload: Reader<ReloadStats> = objectOf<ReloadStats>({
  state: word(['none', 'running', 'done', 'abandoned'] as const),
  replaced: amount,
  total: amount,
  reason: longText,
  ended_at: amount,
});

const upgrade: Reader<UpgradeStats> = objectOf<UpgradeStats>({
  state: word(['none', 'running', 'done', 'abandoned'] as const),
  reason: longText,
  ended_at: amount,
});

const harakiri: Reader<HarakiriRecord> = objectOf<HarakiriRecord>({
  time: amount,
  worker: amount,
  pid,
  face: word(['slow', 'blocked'] as const),
  method: text(64),
  uri: name,
  age_ms: amount,
  stack: listOf(text(1024), 100),
  rss: amount,
  listen_queue: amount,
  queue_depth: amount,
  others_in_flight: amount,
});

const router: Reader<HttpRouterStats> = objectOf<HttpRouterStats>({
  ...{ id: amount, pid, addresses: listOf(name, 256), requests: amount, in_flight: amount },
  state: word(['starting', 'ready', 'draining', 'backoff', 'dead'] as const),
  ...{ queued: amount, queue_max: amount, queue_limit: amount, connections: amount },
  ...{ upgraded: amount, refused: mapOf(amount, 64), answered: mapOf(amount, 64) },
  ...{ retries: amount, aborted: amount, rx: amount, tx: amount, rss: amount, cpu },
  ...{ last_spawn: amount, respawn_count: amount, last_exit: orNull(lastExit) },
  static_requests: amount,
  backends: listOf(
    objectOf<RouterBackendStats>({
      ...{ address: name, in_flight: amount, requests: amount, errors: amount },
      state: word(['up', 'down', 'trying'] as const),
    }),
    1024,
  ),
  accepting: amount,
});

const certificate: Reader<CertificateStats> = objectOf<CertificateStats>({
  ...{ address: name, file: name, names: listOf(name, 1024), not_after: signed },
});

const logger: Reader<LoggerStats> = objectOf<LoggerStats>({
  ...{ name, lines: amount, bytes: amount, dropped: amount },
});

const event: Reader<EventRecord> = objectOf<EventRecord>({
  ...{ time: amount, kind: text(64), subject: name, text: name },
});

/** What versions of uWSGI differ in: each of these may lack some of its keys. */
const PARTS: Readers<UwsgiParts> = {
  caches: listOf(
    partOf<UwsgiCache>({
      ...{ name, hash: text(64), hashsize: amount, keysize: amount, max_items: amount },
      ...{ blocks: amount, blocksize: amount, items: amount, hits: amount, miss: amount },
      ...{ full: amount, last_modified_at: amount },
    }),
    1024,
  ),
  spoolers: listOf(
    partOf<SpoolerStats>({
      ...{ dir: name, pid, tasks: amount, respawns: amount, running: amount },
      ...{ id: amount, queue: name, done: amount, waiting: orNull(amount) },
      state: word(['starting', 'ready', 'draining', 'backoff', 'dead']),
      ...{ delayed: orNull(amount), in_progress: orNull(amount), failed: orNull(amount) },
      ...{ oldest_age_s: orNull(amount), running_tasks: listOf(runningTask, 1000) },
      ...{ tasks_per_s: amount, latency, rss: amount, cpu, last_spawn: amount },
      ...{ last_exit: orNull(lastExit), harakiri_count: amount, paused: orNull(whole(1)) },
    }),
    1024,
  ),
  crons: listOf(
    partOf<UwsgiCron>({
      ...{ minute: signed, hour: signed, day: signed, month: signed, week: signed },
      ...{ command: name, unique: amount, legion: name, pid: signed, started_at: amount },
    }),
    1024,
  ),
  daemons: listOf(partOf<UwsgiDaemon>({ cmd: name, pid, respawns: amount }), 1024),
  legions: listOf(
    partOf<UwsgiLegion>({
      ...{ legion: name, addr: name, valor: amount, quorum: amount, i_am_the_lord: amount },
      ...{ lord_valor: amount, nodes: listOf(name, 256) },
      members: listOf(
        partOf<UwsgiLegion['members'][number]>({ name, valor: amount, last_seen: amount }),
        256,
      ),
    }),
    256,
  ),
  metrics: mapOf(partOf<UwsgiMetric>({ type: amount, oid: name, value: signed }), 4096),
};

/** Of a worker, all but what `decodeDocument` demands. */
export const WORKER_READERS: Readers<Omit<DecodedWorker, 'id' | 'pid' | 'status'>> = {
  accepting: amount,
  requests: amount,
  delta_requests: amount,
  exceptions: amount,
  harakiri_count: amount,
  signals: amount,
  signal_queue: amount,
  rss: amount,
  vsz: amount,
  uss: orNull(amount),
  pss: orNull(amount),
  running_time: amount,
  last_spawn: amount,
  respawn_count: amount,
  tx: amount,
  avg_rt: amount,
  apps: listOf(app, 256),
  cores: listOf(core, 4096),
  state: word(['starting', 'ready', 'draining', 'backoff', 'dead', 'cheap'] as const),
  generation: amount,
  in_flight: amount,
  queue_depth: amount,
  aborted: amount,
  lost: amount,
  upgraded: amount,
  cpu,
  stalled_ms: amount,
  ready_at: amount,
  latency,
  last_exit: orNull(lastExit),
  draining: listOf(draining, 256),
  next_spawn_at: amount,
  loop_utilization: amount,
  loop_delay_ms: amount,
  loop_delay_max_ms: amount,
  heap_used: amount,
  heap_total: amount,
  heap_limit: amount,
  recent_latency: recentLatency,
  refused: mapOf(amount, 32),
  ...WORKER_MEMORY_READERS,
};

/** Of an instance, all but its workers. */
export const INSTANCE_READERS: Readers<Omit<DecodedInstance, 'workers'>> = {
  version: text(200),
  listen_queue: amount,
  listen_queue_errors: amount,
  signal_queue: amount,
  load: amount,
  pid,
  uid: amount,
  gid: amount,
  cwd: name,
  locks: listOf(mapOf(amount, 16), 4096),
  sockets: listOf(socket, 1024),
  server: text(64),
  name,
  hostname: name,
  node: text(64),
  boot_id: text(64),
  start_time: amount,
  time: amount,
  generation: amount,
  async: amount,
  in_flight: amount,
  queue_depth: amount,
  master: masterReader,
  reload,
  harakiris: listOf(harakiri, 1000),
  upgrade,
  recent_latency: recentLatency,
  memory: memoryReader,
  memory_limits: limitsReader,
  routers: listOf(router, 64),
  certificates: listOf(certificate, 1024),
  events: listOf(event, 1000),
  loggers: listOf(logger, 64),
  config: configReader,
  ...PARTS,
};
