import type { CertificateStats } from './certificate-stats.js';
import type { ConfigStats } from './config-stats.js';
import type { LoggerStats } from './logger-stats.js';
import type { HttpRouterStats } from './http-router-stats.js';
import type { InstanceMemory, MasterStats, OptionLimits, WorkerMemory } from './memory-stats.js';
import type { DecodedRouter } from './router-stats.js';
import type { SpoolerStats } from './spooler-stats.js';

export type * from './certificate-stats.js';
export type * from './config-stats.js';
export type * from './logger-stats.js';
export type * from './http-router-stats.js';
export type * from './memory-stats.js';
export type * from './router-stats.js';
export type * from './spooler-stats.js';

/**
 * The stats document. Keys, order, types and units of the `Uwsgi…` interfaces are uWSGI 2.0's own;
 * the `…Extras` are ours and stand at the end of each object, which every known reader tolerates.
 * docs/stats.schema.json says the same to other programs, and docs/stats.md to people.
 */

/** A socket that workers or routers accept on. */
export interface UwsgiSocket {
  name: string;
  /** `http` for --http-socket and --http, `uwsgi` for --socket. */
  proto: string;
  /** Connections the kernel holds and no worker has accepted yet. */
  queue: number;
  /** The kernel's limit for `queue`. */
  max_queue: number;
  shared: number;
  can_offload: number;
}

/** The application as loaded by a worker. */
export interface UwsgiApp {
  id: number;
  modifier1: number;
  mountpoint: string;
  /** Seconds that loading took, whole. */
  startup_time: number;
  requests: number;
  exceptions: number;
  chdir: string;
}

/** One of a worker's places for a request in flight. */
export interface UwsgiCore {
  id: number;
  requests: number;
  static_requests: number;
  routed_requests: number;
  offloaded_requests: number;
  write_errors: number;
  read_errors: number;
  in_request: number;
  /** `KEY=value` while a request is in flight, closed by an empty string; else empty. */
  vars: string[];
  /** While in request: when it started, seconds since 1970. */
  req_info: { request_start?: number };
}

export interface UwsgiWorker {
  id: number;
  /** 0 while no process runs under this id. */
  pid: number;
  /** 1 when the worker accepts connections. */
  accepting: number;
  /** Requests that ended, since the master started; survives respawns. */
  requests: number;
  /** Requests that ended in this process. */
  delta_requests: number;
  exceptions: number;
  harakiri_count: number;
  signals: number;
  signal_queue: number;
  /** uWSGI's word: `idle`, `busy`, `cheap`, `pause` or `sigN`. */
  status: string;
  /** Bytes. */
  rss: number;
  /** Bytes. */
  vsz: number;
  /** Microseconds spent inside requests, cumulative. */
  running_time: number;
  /** Seconds since 1970. */
  last_spawn: number;
  /** 1 for the first spawn. */
  respawn_count: number;
  /** Bytes sent: response heads and bodies. */
  tx: number;
  /** Microseconds; uWSGI's (old + last) / 2. */
  avg_rt: number;
  apps: UwsgiApp[];
  /** Absent under `--stats-no-cores`. */
  cores?: UwsgiCore[];
}

/** How a process ended. `signal` is set when a signal killed it, else `code` is. */
export interface LastExit {
  pid: number;
  code: number | null;
  signal: string | null;
  /**
   * Why: `crash`, `boot` (it did not start), `stop`, `reload`, `killed` (by a command), `drained` (by
   * a signal to the worker), `exception` (one outside a request), `harakiri`, `stall`, `cheap` (fewer workers are wanted), or the rule under which it was
   * recycled: `max-requests`, `lifetime`, `rss`, `uss`, `heap`, `evil-rss`.
   */
  reason: string;
  /** Seconds since 1970. */
  at: number;
  /** The last lines that the application wrote to stderr: at most 20, of 4096 characters in all. */
  stderr: string[];
}

/** A process of an earlier generation that finishes its requests. */
export interface DrainingProcess {
  pid: number;
  in_flight: number;
  /** Seconds since 1970. */
  since: number;
}

/** What the process under a worker id is doing; finer than uWSGI's `status`. */
export type WorkerState = 'starting' | 'ready' | 'draining' | 'backoff' | 'dead' | 'cheap';

export interface Latency {
  /** Requests measured, since the master started. */
  count: number;
  /** Microseconds spent in all of them. */
  sum_us: number;
  /** Buckets with at least one request: [bucket index, requests]; bounds in shared/histogram.ts. */
  buckets: readonly (readonly [number, number])[];
}

/** How long the requests took that ended in about the last minute. */
export interface RecentLatency {
  /** How far back it looks. */
  seconds: number;
  /** Requests that ended in that time. */
  count: number;
  /** Microseconds below which half of them took; null when there were none. At most 12.5 % off. */
  p50_us: number | null;
  p95_us: number | null;
  p99_us: number | null;
}

export interface WorkerExtras extends WorkerMemory {
  state: WorkerState;
  generation: number;
  /** Requests inside the application now. */
  in_flight: number;
  /** Requests that wait inside the worker because all `async` places are taken. */
  queue_depth: number;
  /** Requests whose client left before the answer was complete. */
  aborted: number;
  /** Requests that were inside a process, or waited in it, when it died: nobody answered them. */
  lost: number;
  /** Upgraded connections (WebSocket and others) that are open now. */
  upgraded: number;
  /**
   * Percent of one core since it was measured before: over about the last second, and over at most
   * ten where nobody had been reading; null before two samples.
   */
  cpu: number | null;
  /** Milliseconds since the event loop last turned, beyond its usual beat; 0 when it is alive. */
  stalled_ms: number;
  /** Seconds since 1970, fraction: when this process said it was ready; 0 before. */
  ready_at: number;
  latency: Latency;
  last_exit: LastExit | null;
  draining: DrainingProcess[];
  /** Seconds since 1970, fraction: when a process is spawned again, in state `backoff`; else 0. */
  next_spawn_at: number;
  /** The share of about the last second that the event loop was at work, 0 to 1. */
  loop_utilization: number;
  /** Milliseconds by which the loop's beats of the last second came late: the mean. */
  loop_delay_ms: number;
  /** The same of the one that came latest. */
  loop_delay_max_ms: number;
  /** Bytes of the JavaScript heap: in use, garbage included; taken; and the limit. 0: not known. */
  heap_used: number;
  heap_total: number;
  heap_limit: number;
  /** Bytes shared with no other process; null while not measured. */
  uss: number | null;
  /** Bytes, shared ones divided among those that share them; null while not measured. */
  pss: number | null;
  recent_latency: RecentLatency;
  /** Requests that were refused before the application saw them, by reason; only those that came. */
  refused: Record<string, number>;
}

export type WorkerStats = UwsgiWorker & WorkerExtras;

export interface UwsgiInstance {
  version: string;
  /** The longest accept queue over all sockets. */
  listen_queue: number;
  listen_queue_errors: number;
  signal_queue: number;
  load: number;
  pid: number;
  uid: number;
  gid: number;
  cwd: string;
  locks: Record<string, number>[];
  sockets: UwsgiSocket[];
}

/** The reload that runs or ran last. */
export interface ReloadStats {
  state: 'none' | 'running' | 'done' | 'abandoned';
  /** Workers replaced so far, of `total`. */
  replaced: number;
  total: number;
  /** Why it was abandoned, else empty. */
  reason: string;
  /** Seconds since 1970 when it ended; 0 while none has. */
  ended_at: number;
}

/** The new master that is being started or was started last; see SIGUSR2. */
export interface UpgradeStats {
  /** `done`: this master is the new one, and has taken over; `abandoned`: the old one, and stays. */
  state: 'none' | 'running' | 'done' | 'abandoned';
  /** Why it was abandoned, else empty. */
  reason: string;
  /** Seconds since 1970 when it ended; 0 while none has. */
  ended_at: number;
}

/** A request that took too long, and what became of it. */
export interface HarakiriRecord {
  /** Seconds since 1970, fraction. */
  time: number;
  worker: number;
  pid: number;
  /** `slow`: the loop turned and the client got 504; `blocked`: the worker was killed. */
  face: 'slow' | 'blocked';
  method: string;
  uri: string;
  /** Milliseconds since the request began. */
  age_ms: number;
  /** What blocked, innermost function first: `function (file:line:column)`; empty when slow. */
  stack: string[];
  /** Of the worker, in bytes, as measured last. */
  rss: number;
  /** Connections that no worker had accepted yet. */
  listen_queue: number;
  /** Requests that waited inside the worker. */
  queue_depth: number;
  /** Other requests inside the application. */
  others_in_flight: number;
}

/** Something that happened to the instance, besides requests that took too long. */
export interface EventRecord {
  /** Seconds since 1970, fraction. */
  time: number;
  /**
   * `config-changed`, `config-pending`, `config-refused`; `certificate-renewed`, `certificate-refused`, `certificate-ends`; `spooler-died`,
   * `spooler-harakiri`, `spooler-stalled`, `task-failed`; `log-dropping`, `log-dropped`.
   */
  kind: string;
  /** What it happened to: the configuration, the address of an `--https`, a spooler, or a logger. */
  subject: string;
  /** A sentence, as in the log. */
  text: string;
}

export interface InstanceExtras {
  /** Always `tsuwsgi`: how a reader tells this document from uWSGI's. */
  server: string;
  /** `--name`, or empty. */
  name: string;
  hostname: string;
  node: string;
  /** Changes with every start of the master: counters of another boot id are not comparable. */
  boot_id: string;
  /** Seconds since 1970, fraction: when the master started. */
  start_time: number;
  /** Seconds since 1970, fraction: when this document was made. */
  time: number;
  /** Completed reloads of all workers. */
  generation: number;
  /** `--async`; 0 without a cap. */
  async: number;
  in_flight: number;
  queue_depth: number;
  master: MasterStats;
  reload: ReloadStats;
  /** The last 50, oldest first. */
  harakiris: HarakiriRecord[];
  upgrade: UpgradeStats;
  recent_latency: RecentLatency;
  memory: InstanceMemory;
  memory_limits: OptionLimits;
  /** The processes of `--http`; empty without it. */
  routers: HttpRouterStats[];
  /** What clients of `--https` are shown; empty without it. */
  certificates: CertificateStats[];
  /** The last 50, oldest first. */
  events: EventRecord[];
  /** The processes of `--spooler`; empty without it. */
  spoolers: SpoolerStats[];
  /** Where the master writes the log; empty where its processes write to stderr themselves. */
  loggers: LoggerStats[];
  /** What the configuration was read from, and what became of it at the last reload. */
  config: ConfigStats;
}

/** What tsuwsgi serves. */
export type StatsDocument = UwsgiInstance & { workers: WorkerStats[] } & InstanceExtras;

/** A cache of a uWSGI. */
export interface UwsgiCache {
  name: string;
  hash: string;
  hashsize: number;
  keysize: number;
  max_items: number;
  blocks: number;
  /** Bytes. */
  blocksize: number;
  /** Now in it. */
  items: number;
  hits: number;
  miss: number;
  /** Inserts that failed because it was full. */
  full: number;
  /** Seconds since 1970; 0 unless it is tracked. */
  last_modified_at: number;
}

/** A job of a uWSGI; of its times -1 is every one, and -5 every fifth. */
export interface UwsgiCron {
  minute: number;
  hour: number;
  day: number;
  month: number;
  week: number;
  command: string;
  unique: number;
  legion: string;
  /** -1 while it does not run. */
  pid: number;
  /** Seconds since 1970. */
  started_at: number;
}

/** A program that a uWSGI keeps running. */
export interface UwsgiDaemon {
  cmd: string;
  /** 0 while it does not run. */
  pid: number;
  respawns: number;
}

/** A uWSGI's part in a legion. */
export interface UwsgiLegion {
  legion: string;
  addr: string;
  valor: number;
  quorum: number;
  i_am_the_lord: number;
  lord_valor: number;
  nodes: string[];
  members: { name?: string; valor?: number; last_seen?: number }[];
}

/** A metric of a uWSGI: type 0 is a counter, 1 a gauge, 2 an absolute value, 3 an alias. */
export interface UwsgiMetric {
  type: number;
  oid: string;
  value: number;
}

/** What only a real uWSGI has besides its workers; each part only where it is configured. */
export interface UwsgiParts {
  caches: Partial<UwsgiCache>[];
  spoolers: Partial<SpoolerStats>[];
  crons: Partial<UwsgiCron>[];
  daemons: Partial<UwsgiDaemon>[];
  legions: Partial<UwsgiLegion>[];
  metrics: Record<string, Partial<UwsgiMetric>>;
}

/** A vassal of a uWSGI Emperor; times are seconds since 1970, 0 for never. */
export interface UwsgiVassal {
  id: string;
  pid: number;
  born: number;
  last_mod: number;
  last_heartbeat: number;
  loyal: number;
  ready: number;
  accepting: number;
  last_loyal: number;
  last_ready: number;
  last_accepting: number;
  first_run: number;
  last_run: number;
  /** When it was found unable to run. */
  cursed: number;
  zerg: number;
  on_demand: string;
  uid: number;
  gid: number;
  monitor: string;
  respawns: number;
}

/** A vassal that an Emperor does not start for a while. */
export interface UwsgiBlacklisted {
  id: string;
  /** Milliseconds. */
  throttle_level: number;
  attempt: number;
  first_attempt: number;
  last_attempt: number;
}

/** What a reader may rely on of a worker, from tsuwsgi or from any uWSGI: absent is not zero. */
export type DecodedWorker = Pick<UwsgiWorker, 'id' | 'pid' | 'status'> &
  Partial<Omit<UwsgiWorker, 'id' | 'pid' | 'status'>> &
  Partial<WorkerExtras>;

/** What a reader may rely on of a master. */
export type DecodedMaster = Pick<MasterStats, 'rss' | 'vsz' | 'cpu'> & Partial<MasterStats>;

/** What a reader may rely on of an instance. */
export type DecodedInstance = Partial<UwsgiInstance> &
  Partial<Omit<InstanceExtras, 'master' | 'spoolers'>> &
  Partial<UwsgiParts> & { master?: DecodedMaster; workers: DecodedWorker[] };

/** What a reader may rely on of a uWSGI Emperor. */
export interface DecodedEmperor {
  version?: string;
  pid?: number;
  uid?: number;
  gid?: number;
  cwd?: string;
  emperor: string[];
  emperor_tyrant?: number;
  /** Milliseconds. */
  throttle_level?: number;
  vassals: (Pick<UwsgiVassal, 'id' | 'pid'> & Partial<UwsgiVassal>)[];
  blacklist?: Partial<UwsgiBlacklisted>[];
}

/** A document as understood; `damaged` when something had to be replaced or left out to read it. */
export type DecodedDocument =
  | { readonly kind: 'instance'; readonly instance: DecodedInstance; readonly damaged: boolean }
  | { readonly kind: 'emperor'; readonly emperor: DecodedEmperor; readonly damaged: boolean }
  | { readonly kind: 'router'; readonly router: DecodedRouter; readonly damaged: boolean };
