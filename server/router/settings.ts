import type { StaticSettings } from '../static/settings.js';
import type { RequestLimits } from '../http/limits.js';
import type { ForeignBackend } from './foreign.js';
import type { OwnStatus } from './own-answers.js';
import type { HealthState } from './health.js';
import type { RefusalCounts } from '../wire/refusals.js';

/** A worker, or another back end, that can be asked. */
export interface Backend {
  readonly id: number;
  /** Its unix socket; of a worker only. */
  readonly path: string;
  readonly accepting: boolean;
  /** Which process of the slot this is: when it changes, idle connections to the last are closed. */
  readonly generation?: number;
  /** Who it is in place of a worker. */
  readonly foreign?: ForeignBackend;
}

export interface RouterSettings {
  /** How many requests may wait for a worker. */
  readonly queue: number;
  /** Without progress for so long, a request, its answer or its place in the queue is given up. */
  readonly timeoutMs: number;
  /** The head of a request must be there by then. */
  readonly headersTimeoutMs: number;
  /** How long a request waits while no worker accepts, and for a connection to one. */
  readonly connectTimeoutMs: number;
  /** How long an idle connection of a client is kept. */
  readonly keepAliveMs: number;
  /** Peers (addresses, CIDRs, or `unix`) whose forwarding fields are believed. */
  readonly trusted: readonly string[];
  /** Whether connections begin with a header of the PROXY protocol. */
  readonly proxyProtocol: boolean;
  /** Requests a worker takes at once; 0: no cap. */
  readonly async: number;
  /** Who is asked in place of workers; none: workers are. */
  readonly to: readonly ForeignBackend[];
  /** What is answered from files, without a worker. */
  readonly files: StaticSettings;
  /** How large a request may be. */
  readonly limits: RequestLimits;
  /** Bytes of its line and all its header fields. */
  readonly maxHeaderSize: number;
  /** For how many seconds browsers shall come by HTTPS only; undefined: nothing is said. */
  readonly transportSecurity?: number;
  /** The port with TLS that clients without it are sent to; undefined: they are served. */
  readonly redirectTo?: number;
  /** Whether answers are compressed for clients that take them so. */
  readonly compresses?: boolean;
}

export interface BackendFigures {
  readonly id: number;
  readonly in_flight: number;
  readonly requests: number;
  /** Answers that it did not give, or not to the end. */
  readonly errors: number;
  /** Of a foreign one. */
  readonly address?: string;
  readonly state?: HealthState;
}

export interface RouterFigures {
  /** Requests that came, those that were refused included. */
  readonly requests: number;
  readonly in_flight: number;
  readonly queued: number;
  /** The most that ever waited. */
  readonly queue_max: number;
  readonly refused: RefusalCounts;
  readonly answered_by_router: Readonly<Record<`${OwnStatus}`, number>>;
  readonly retries: number;
  /** Requests whose client left before the end of the answer. */
  readonly aborted: number;
  /** Fields that a client may not set and that were removed. */
  readonly removed_fields: number;
  readonly rx: number;
  readonly tx: number;
  /** Connections that are tunnels now. */
  readonly upgraded: number;
  readonly connections: number;
  readonly backends: readonly BackendFigures[];
  /** Answered from files. */
  readonly static_requests: number;
}
