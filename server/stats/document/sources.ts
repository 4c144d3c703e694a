import type {
  CertificateStats,
  InstanceMemory,
  LoggerStats,
  UwsgiSocket,
} from '../../../shared/stats.js';
import type { LatencyWindow } from '../../master/decide/latency-window.js';
import type { Registry } from '../../master/decide/registry.js';
import type { MasterState } from '../../master/decide/state.js';
import type { RouterBook } from '../../master/decide/routers/router-book.js';
import type { SpoolerBook } from '../../master/decide/spoolers/spooler-book.js';
import type { Scope } from './scope.js';

/** What the operating system told last of a process. */
export interface Measured {
  readonly rss: number;
  readonly vsz: number;
  readonly cpu: number | null;
  /** Bytes; null while not measured. */
  readonly uss: number | null;
  readonly pss: number | null;
  readonly shared: number | null;
  readonly swap: number | null;
}

/** What does not change while the master runs. */
export interface Identity {
  readonly version: string;
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly cwd: string;
  readonly name: string;
  readonly hostname: string;
  readonly node: string;
  readonly bootId: string;
  readonly startTime: number;
  readonly async: number;
}

/** Everything a document is made of. */
export interface Sources {
  readonly identity: Identity;
  readonly state: MasterState;
  readonly registry: Registry;
  /** What the routers have counted. */
  readonly routers: Pick<RouterBook, 'figures'> & {
    readonly addresses: readonly string[];
    readonly queueLimit: () => number;
    readonly certificates: () => readonly CertificateStats[];
  };
  /** What the spoolers have told of their tasks. */
  readonly spoolers: Pick<SpoolerBook, 'figures' | 'counts'> & {
    /** Of the queues, in the order in which slots name them. */
    readonly folders: readonly string[];
  };
  /** What became of the lines of the log, where the master writes it. */
  readonly loggers: () => readonly LoggerStats[];
  readonly sockets: readonly UwsgiSocket[];
  /** Connections that the kernel dropped since the master started. */
  readonly listenQueueErrors: number;
  readonly latencies: Pick<LatencyWindow, 'recent' | 'all'>;
  readonly scope: Scope;
  readonly measured: (pid: number) => Measured | undefined;
  /** What the control group of the master allows and suffers. */
  readonly surroundings: Pick<InstanceMemory, 'cgroup' | 'pressure'>;
  /** Milliseconds since 1970 of a monotonic time of the arbiter's. */
  readonly wallMs: (monotonic: number) => number;
  /** Now, monotonic. */
  readonly now: number;
  /** The same by the clock that all processes of the machine share, milliseconds. */
  readonly sharedNow: number;
}
