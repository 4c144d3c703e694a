import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ControlSession } from '../control/control-session.js';
import { decodeClientMessage } from '../../shared/decode-message.js';
import {
  PROTOCOL_VERSION,
  type ClientMessage,
  type Role,
  type ServerMessage,
} from '../../shared/protocol.js';
import { gatedDocuments, type GatedDocuments } from './gated-documents.js';
import type { DocumentStream, Outlet } from './document-stream.js';
import type { Limits } from './limits.js';

/** RFC 6455 §7.4.1. */
export const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

export interface LiveConnectionOptions {
  readonly socket: WebSocket;
  /** What the socket writes its frames to. */
  readonly wire: Writable;
  readonly version: string;
  readonly bootId: string;
  readonly limits: Limits;
  /** The monotonic clock, milliseconds. */
  readonly now: () => number;
  readonly openControl: (
    send: (message: ServerMessage) => void,
    cut: (reason: string) => void,
    onRole: () => void,
  ) => ControlSession;
  readonly openDocuments: (outlet: Outlet) => DocumentStream;
  /** Whether documents are only for those who have proven a key. */
  readonly secret: boolean;
}

/** One client of `/live`. */
export interface LiveConnection {
  /** Cuts the client when it has not answered the last ping, else pings it again. */
  heartbeat(): void;
}

/** Says hello, then streams documents and obeys messages until the socket closes. */
export function liveConnection(options: LiveConnectionOptions): LiveConnection {
  const { socket, limits } = options;
  const outlet = outletOf(options);
  const send = (message: ServerMessage): void => {
    outlet.send(JSON.stringify(message));
  };
  const cut = (reason: string): void => {
    outlet.cut(reason);
  };
  const control = options.openControl(send, cut, () => {
    documents.follow();
  });
  send({
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    version: options.version,
    boot_id: options.bootId,
    nonce: control.nonce,
    control: control.refusal,
    ...(options.secret && { secret: true as const }),
    ...roleOf(control),
  });
  const documents = gatedDocuments(options, outlet, control);
  const complaint = admission(limits, options.now);
  const admit = (): boolean => {
    const reason = complaint(socket.bufferedAmount);
    if (reason !== null) outlet.cut(reason);
    return reason === null && socket.readyState === socket.OPEN;
  };
  let bad = 0;
  socket.on('message', (data, isBinary) => {
    if (!admit()) return;
    const decoded = decodeClientMessage(isBinary ? '' : textOf(data));
    if (decoded.ok) {
      obey(decoded.value, documents, control);
      return;
    }
    control.malformed(decoded.error);
    send({ type: 'reply', id: 0, ok: false, code: 'bad-message', message: decoded.error });
    if (++bad >= limits.maxBadMessages) outlet.cut('too many bad messages');
  });
  socket.on('ping', admit);
  socket.on('pong', admit);
  // A broken frame: ws closes the connection with the right code by itself.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    documents.close();
    control.close();
  });
  return heartOf(socket);
}

function heartOf(socket: WebSocket): LiveConnection {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  return {
    heartbeat() {
      // When this loop was busy, the pong may lie in the kernel by now: look once more before.
      if (!answered) {
        setImmediate(() => {
          if (!answered) socket.terminate();
        });
      } else if (socket.readyState === socket.OPEN) {
        answered = false;
        socket.ping();
      }
    },
  };
}

function outletOf({ socket, wire, limits }: LiveConnectionOptions): Outlet {
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(message, { binary: false });
    },
    sendFrame(frame) {
      // Past the library, which frames a message for each client anew.
      // It writes whole frames at once too, as nothing is compressed, so none comes between others.
      if (socket.readyState === socket.OPEN) wire.write(frame);
    },
    buffered: () => socket.bufferedAmount,
    cut(reason) {
      // A close frame would wait behind everything that the client does not read.
      if (socket.bufferedAmount > 0) socket.terminate();
      if (socket.readyState !== socket.OPEN) return;
      socket.close(POLICY_VIOLATION, reason);
      // ws itself would keep one that does not answer for half a minute.
      const limit = setTimeout(() => {
        socket.terminate();
      }, limits.cutGraceMs);
      socket.once('close', () => {
        clearTimeout(limit);
      });
    },
  };
}

/** A certificate has authorised the client already. */
function roleOf(control: ControlSession): { readonly role?: Role } {
  const role = control.role();
  return role === null ? {} : { role };
}

function obey(message: ClientMessage, documents: GatedDocuments, control: ControlSession): void {
  switch (message.type) {
    case 'subscribe':
      documents.subscribe(message.interval_ms);
      return;
    case 'resync':
      documents.resync();
      return;
    case 'auth':
      control.authorise(message);
      return;
    case 'command':
      control.command(message);
      return;
  }
}

/**
 * Counts what a client sends; the result says why it must go, or null. One that sends without
 * reading makes us keep the answers: it goes too.
 */
function admission(limits: Limits, now: () => number): (buffered: number) => string | null {
  let windowStart = now();
  let inWindow = 0;
  return (buffered) => {
    const at = now();
    if (at - windowStart >= 1000) {
      windowStart = at;
      inWindow = 0;
    }
    inWindow++;
    if (inWindow > limits.maxMessagesPerSecond) return 'too many messages';
    return buffered > limits.maxBufferedBytes ? 'the answers are not being read' : null;
  };
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
