import type { Socket } from 'node:net';
import type { Authority } from '../control/authority.js';
import type { Execute } from '../control/requester.js';
import type { StatsDocument } from '../../shared/stats.js';
import { connections } from './connections.js';
import { httpSide } from './http-server.js';
import type { Limits } from './limits.js';
import type { Listener } from './listen-tcp.js';
import { liveSide, type Visitor } from './live-side.js';
import { answerRaw } from './raw-answer.js';
import { sniff, type Verdict } from './sniff.js';
import { snapshotSource } from './snapshot.js';

/** Serves connections, wherever they were accepted. */
export interface StatsService {
  serve(socket: Socket, listener: Listener): void;
  /** How many connections are open. */
  clients(): number;
  /** Lets clients finish for a moment, then cuts them. */
  close(): Promise<void>;
}

export interface StatsServiceOptions {
  /** Milliseconds for the first bytes of a client; 0 answers raw at once. */
  readonly waitMs: number;
  /** Only HTTP: silence gets nothing. */
  readonly http: boolean;
  /** The JSON for raw and HTTP readers in one line. */
  readonly minified?: boolean;
  readonly bootId: string;
  readonly version: string;
  readonly document: () => StatsDocument;
  readonly execute: Execute;
  readonly log: (line: string) => void;
  readonly limits: Limits;
  readonly allowedHosts: ReadonlySet<string>;
  readonly authority: Authority;
}

/** Tells the kinds of readers apart and hands each to its own part. */
export function statsService(options: StatsServiceOptions): StatsService {
  const { limits } = options;
  const visitors = new WeakMap<Socket, Visitor>();
  const newest = snapshotSource(options.document, options.minified ? 'minified' : 'indented');
  const live = liveSide({ ...options, newest });
  const http = httpSide({
    allowedHosts: options.allowedHosts,
    document: () => newest().bytes(),
    limits,
    onLive: (request, socket, head) => {
      const visitor = visitors.get(socket);
      if (visitor) live.take(request, socket, head, visitor);
      else socket.destroy();
    },
  });
  const clients = connections(limits.maxConnections, () => {
    http.closeIdle();
  });
  const handOver = (socket: Socket, verdict: Verdict): void => {
    if (verdict === 'spoke') {
      clients.enter(socket, 'speaking');
      http.take(socket);
    } else if (options.http) {
      socket.destroy();
    } else {
      clients.enter(socket, 'raw');
      answerRaw(socket, newest().bytes(), limits.rawDeadlineMs);
    }
  };
  return {
    serve(socket, listener) {
      if (!clients.admit(socket)) return;
      visitors.set(socket, visitorOf(socket, listener));
      sniff(socket, options.http ? limits.httpWaitMs : options.waitMs, (verdict) => {
        handOver(socket, verdict);
      });
    },
    clients: () => clients.size,
    async close() {
      live.close();
      http.close();
      await clients.drain(limits.closeGraceMs);
    },
  };
}

function visitorOf(socket: Socket, listener: Listener): Visitor {
  const { remoteAddress, remotePort, localAddress } = socket;
  const name =
    listener.kind === 'unix' ? listener.address : `${remoteAddress ?? '?'}:${remotePort ?? 0}`;
  return { peer: { kind: listener.kind, remoteAddress, localAddress }, name };
}
