import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Owner } from './connection.js';
import type { Counters } from './counters.js';
import type { Flight } from './flights.js';
import type { StaticFront } from './static-front.js';
import type { RequestLog } from '../request-log/request-log.js';
import type { Traffic } from './traffic.js';

/** What accounting needs to know of a request before the application sees it. */
export interface Hooks {
  /** Whether a request may reach the application; if not, it has been answered. */
  readonly admit: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The same for a request that wants another protocol on its connection. */
  readonly admitUpgrade: (request: IncomingMessage, socket: Socket) => boolean;
  /**
   * The address of a request's client; null where that is the other end of its connection. Null
   * itself where it always is.
   */
  readonly client: ((request: IncomingMessage) => string | null) | null;
  readonly now: () => number;
  readonly log: RequestLog | null;
  /** `--async`: requests inside the application at once; 0 for no cap. */
  readonly cap: number;
  /** Called whenever a request or an upgraded connection ends. */
  readonly onEnd: () => void;
  /** Notes how long the request that begins on a core may take; null without such limits. */
  readonly limit: ((core: number, url: string) => void) | null;
  /** Answers from files before the application is asked; null where there are none. */
  readonly files: StaticFront | null;
}

/** What the rest of the worker may ask of it. */
export interface Accounting {
  /** From now on every answer closes its connection. */
  drain(): void;
  /** The same, until `resume`. */
  pause(): void;
  resume(): void;
  /** Requests and upgraded connections that are not over, waiting ones included. */
  pending(): number;
  /**
   * Ends upgraded connections, which no answer will ever close: WebSockets by a close frame, to
   * which their clients reply in their time, others at once, since nobody knows what they speak.
   */
  endUpgraded(): void;
  /** To be called at each beat of the loop. */
  beat(): void;
  /** The requests inside the application. */
  flights(): Iterable<Flight>;
  /** Ends a request by an answer in the application's stead, or by the end of its connection. */
  giveUp(flight: Flight, answer: () => void): void;
}

export type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

/** One server's books. */
export interface Books {
  readonly counters: Counters;
  readonly hooks: Hooks;
  readonly traffic: Traffic;
  readonly owner: Owner;
  readonly server: Server;
  /** The server's own `emit`; null for the one that every emitter has. */
  readonly emit: Emit | null;
  /** Requests that wait for a place, oldest first. */
  readonly waiting: (() => void)[];
  /** Connections that speak another protocol by now, and how each is ended. */
  readonly upgraded: Map<Socket, () => void>;
  /** How many requests are inside the application. */
  running: number;
  /** Their answers by core, as far as they have one. */
  readonly answers: (ServerResponse | null)[];
  /** When they began, by core. */
  readonly started: Float64Array;
  /** When those began that have no core. */
  readonly unnamed: Map<ServerResponse, number>;
  draining: boolean;
}
