import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { WebSocketServer, type WebSocket } from 'ws';
import { boundedLog, STRANGER_LINES } from '../control/bounded-log.js';
import type { Authority } from '../control/authority.js';
import { controlSession } from '../control/control-session.js';
import type { Peer } from '../control/peer.js';
import type { Execute } from '../control/requester.js';
import { documentStream } from './document-stream.js';
import type { Limits } from './limits.js';
import { GOING_AWAY, liveConnection, type LiveConnection } from './live-connection.js';
import { metronome } from './metronome.js';
import { deltaTexts, type Snapshot } from './snapshot.js';

/** Who is at the other end of a socket. */
export interface Visitor {
  readonly peer: Peer;
  /** For the log. */
  readonly name: string;
}

/** The WebSocket part of the stats server. */
export interface LiveSide {
  /** Completes the upgrade that a request asks for, and serves the client from then on. */
  take(request: IncomingMessage, socket: Socket, head: Buffer, visitor: Visitor): void;
  /** Tells every client that the server goes. */
  close(): void;
}

export interface LiveSideOptions {
  readonly version: string;
  readonly bootId: string;
  readonly newest: () => Snapshot;
  readonly authority: Authority;
  readonly execute: Execute;
  readonly log: (line: string) => void;
  readonly limits: Limits;
}

/**
 * Frames that one message may come in. Clients send small messages whole; a flood of tiny fragments
 * within the largest size would hold the loop up for half a second on a busy machine.
 */
const MAX_FRAGMENTS = 64;

/** Shares deltas between clients; all its timers end with the last client. */
export function liveSide(options: LiveSideOptions): LiveSide {
  const { limits, newest } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxMessageBytes,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: false,
  });
  const deltas = deltaTexts();
  const beats = metronome(newest);
  const hearts = metronome(() => undefined);
  const now = (): number => performance.now();
  const logRefusal = boundedLog(options.log, STRANGER_LINES, now);

  const open = (visitor: Visitor, socket: WebSocket): LiveConnection =>
    liveConnection({
      socket,
      version: options.version,
      bootId: options.bootId,
      limits,
      now,
      openControl: (send, cut) =>
        controlSession({
          authority: options.authority,
          peer: visitor.peer,
          peerName: visitor.name,
          execute: options.execute,
          log: options.log,
          logRefusal,
          send,
          cut,
          limits,
        }),
      openDocuments: (outlet) =>
        documentStream({ outlet, newest, deltas, beats, now, stalledMs: limits.stalledMs }),
    });

  return {
    take(request, socket, head, visitor) {
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = open(visitor, webSocket);
        const stop = hearts.join(limits.heartbeatMs, () => {
          connection.heartbeat();
        });
        webSocket.on('close', stop);
      });
    },
    close() {
      for (const client of server.clients) client.close(GOING_AWAY, 'the server stops');
      server.close();
    },
  };
}
