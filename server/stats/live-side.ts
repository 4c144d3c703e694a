import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Command } from '../../shared/commands.js';
import type { Audit } from '../control/audit.js';
import type { Authority } from '../control/authority.js';
import { controlSession } from '../control/control-session.js';
import type { Guard } from '../control/guard.js';
import type { Keyring } from '../control/keyring.js';
import type { Execute } from '../control/requester.js';
import type { Visitor } from '../control/visitor.js';
import { documentStream } from './document-stream.js';
import type { Limits } from './limits.js';
import { GOING_AWAY, liveConnection, type LiveConnection } from './live-connection.js';
import { metronome } from './metronome.js';
import { deltaFrames, type Snapshot } from './snapshot.js';

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
  readonly keys: Keyring;
  readonly guard: Guard;
  readonly execute: Execute<Command>;
  readonly audit: Audit;
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
  const deltas = deltaFrames();
  const beats = metronome(newest);
  const hearts = metronome(() => undefined);
  const now = (): number => performance.now();

  const open = (visitor: Visitor, socket: WebSocket, wire: Socket): LiveConnection =>
    liveConnection({
      ...{ socket, wire },
      version: options.version,
      bootId: options.bootId,
      limits,
      now,
      secret: options.keys.read !== null,
      openControl: (send, cut, onRole) =>
        controlSession({ ...options, visitor, send, cut, onRole, limits }),
      openDocuments: (outlet) =>
        documentStream({ outlet, newest, deltas, beats, now, stalledMs: limits.stalledMs }),
    });

  return {
    take(request, socket, head, visitor) {
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = open(visitor, webSocket, socket);
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
