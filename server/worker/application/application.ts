import type http from 'node:http';
import type { AddressInfo } from 'node:net';

/** The bound socket that a worker inherits from its master. */
export interface Place {
  readonly fd: number;
  /** Given to listen(2) again by every worker; it must be the same in all of them. */
  readonly backlog: number;
  /** What `server.address()` answers: the public address, or the path of a unix socket. */
  readonly address: AddressInfo | string;
}

/** How an application meets the server. */
export type Shape =
  'fastify' | 'express' | 'koa' | 'server' | 'listener' | 'fetch' | 'listens itself';

/** An application that is loaded and can be served. */
export interface Application {
  readonly server: http.Server;
  readonly shape: Shape;
  readonly loadedInMs: number;
  /** What the module exports, once it is evaluated; undefined when that failed after it listened. */
  readonly namespace: Promise<object | undefined>;
  /** The Fastify instance that is served, where that is known. */
  readonly fastify?: object;
  /**
   * Accepts on the inherited socket; resolves when it does, rejects with the error of `listen`.
   * An application that listens itself may accept already: then this only tells the outcome.
   */
  listen(): Promise<void>;
}

/** What `--module FILE[:export]` names. */
export interface ApplicationSpec {
  readonly file: string;
  readonly exportName?: string;
}
