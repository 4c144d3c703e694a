import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Command } from '../../shared/commands.js';
import { createAudit } from '../control/audit.js';
import type { Authority } from '../control/authority.js';
import { createGuard } from '../control/guard.js';
import type { Keyring } from '../control/keyring.js';
import type { UserOf } from '../control/peer-uid.js';
import type { Execute } from '../control/requester.js';
import type { Log } from '../log.js';
import { SECRET_NOTE } from '../../shared/protocol.js';
import type { MemoryDocument } from '../../shared/memory/history.js';
import type { StatsDocument } from '../../shared/stats.js';
import { connections } from './connections.js';
import { httpSide, type HttpSideOptions } from './http-server.js';
import type { Limits } from './limits.js';
import type { Listener } from './listen-tcp.js';
import { type LiveSide, liveSide } from './live-side.js';
import { answerRaw } from './raw-answer.js';
import { sniff, type Verdict } from './sniff.js';
import { readingGate } from './reading-gate.js';
import { type Snapshot, snapshotSource } from './snapshot.js';
import { type TlsContext, tlsSide } from './tls-side.js';
import { turnstile } from './turnstile.js';
import { countedPeer, type VisitorBook, visitorBook } from './visitor-book.js';

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
  readonly memory?: (() => MemoryDocument) | undefined;
  readonly isStopping: () => boolean;
  readonly execute: Execute<Command>;
  readonly log: Log;
  readonly limits: Limits;
  readonly allowedHosts: ReadonlySet<string>;
  readonly authority: Authority;
  readonly keys: Keyring;
  /** Another way to find the user of a connection than the kernel's table. */
  readonly userOf?: UserOf;
  /** For the listeners of `--stats-tls`. */
  readonly tls: readonly TlsContext[];
}

/** What a silent reader gets under `--stats-secret`. */
const SECRET_ANSWER = Buffer.from(
  `${SECRET_NOTE}: use tsuwsgitop with --key-file, or HTTP with Authorization: Bearer\n`,
);

/** Clients that are taken on in one turn of the loop. */
const PER_TURN = 16;

const monotonic = (): number => performance.now();

/** Tells the kinds of readers apart and hands each to its own part. */
export function statsService(options: StatsServiceOptions): StatsService {
  const { limits } = options;
  const visitors = visitorBook(options.userOf);
  const newest = snapshotSource(options.document, options.minified ? 'minified' : 'indented');
  const audit = createAudit(options.log, monotonic);
  const guard = createGuard(limits, monotonic);
  const tls = tlsSide(options.tls, limits, audit);
  const live = liveSide({ ...options, newest, audit, guard });
  const inTurn = turnstile(PER_TURN);
  const http = httpSide({
    inTurn,
    allowedHosts: options.allowedHosts,
    source: { newest, memory: options.memory, isStopping: options.isStopping },
    limits,
    gate: readingGate({ ...options, guard, audit, visitorOf: visitors.of }),
    onLive: liveEntry(live, visitors),
  });
  const clients = connections(limits, http.closeIdle);
  const answerSilent = silentSide(options, newest);
  const speak = (socket: Socket): void => {
    clients.enter(socket, 'speaking');
    http.take(socket);
  };
  const handOver = (socket: Socket, verdict: Verdict, listener: Listener): void => {
    if (socket.destroyed) return;
    if (verdict === 'silent') {
      clients.enter(socket, 'raw');
      answerSilent(socket);
    } else {
      visitors.enter(socket, listener);
      speak(socket);
    }
  };
  const enterSecure = (socket: Socket, listener: Listener): void => {
    tls.take(socket, listener, (secure, operator) => {
      visitors.enter(secure, listener, { operator });
      speak(secure);
    });
  };
  return {
    serve(socket, listener) {
      if (!clients.admit(socket, countedPeer(socket, listener))) return;
      if (listener.secure !== undefined) {
        enterSecure(socket, listener);
        return;
      }
      sniff(socket, options.http ? limits.httpWaitMs : options.waitMs, (verdict) => {
        inTurn(() => {
          handOver(socket, verdict, listener);
        });
      });
    },
    clients: () => clients.size,
    close() {
      live.close();
      http.close();
      return clients.drain(limits.closeGraceMs);
    },
  };
}

/** What is done for a client that says nothing. */
function silentSide(
  { http, keys, limits }: StatsServiceOptions,
  newest: () => Snapshot,
): (socket: Socket) => void {
  return (socket) => {
    if (http) socket.destroy();
    else answerRaw(socket, keys.read === null ? newest().bytes() : SECRET_ANSWER, limits);
  };
}

/** Requests for the WebSocket go to the live side, with who asks. */
function liveEntry(live: LiveSide, visitors: VisitorBook): HttpSideOptions['onLive'] {
  return (request, socket, head) => {
    const visitor = visitors.of(socket);
    if (visitor) live.take(request, socket, head, visitor);
    else socket.destroy();
  };
}
