import type http from 'node:http';
import type https from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Backend, RouterFigures } from './settings.js';

/** What a router does for the process that it runs in. */
export interface Router {
  /** Serves what this server gets; may be called for several servers. */
  serve(server: http.Server | https.Server): void;
  /** Who can be asked from now on; a backend that is left out is asked no more, what it has runs on. */
  backends(list: readonly Backend[]): void;
  /** Serves a connection on which HTTP/2 is spoken. */
  readonly onHttp2: (socket: TLSSocket) => void;
  /** Counts a handshake that failed. */
  readonly onFailed: (code: string) => void;
  /** Says goodbye on connections of HTTP/2 on which nothing is asked. */
  closeIdle(): void;
  figures(): RouterFigures;
  /** How many requests have come; quicker than all figures. */
  requests(): number;
  /** Answers close their connections from now on; settles when nothing is in flight. */
  drain(): Promise<void>;
  /** Breaks everything that is open; the servers are their owner's to close. */
  close(): void;
}
