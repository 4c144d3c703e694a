import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { decodeClientMessage } from '../../shared/decode-message.js';
import { diff, type Json } from '../../shared/delta.js';
import { PROTOCOL_VERSION, type ClientMessage } from '../../shared/protocol.js';
import { tcpServer, type TestServer } from './stats-servers.js';

/** A small tsuwsgi stats port: raw JSON on silence, `/live` on an upgrade. */
export interface LiveServer extends TestServer {
  /** The messages of all clients, in order. */
  readonly heard: ClientMessage[];
  /** Waits for a message of one type. */
  hear<T extends ClientMessage['type']>(type: T): Promise<ClientMessage & { readonly type: T }>;
  /** Sends to every client whatever the test says. */
  send(message: unknown): void;
  /** Sends the change from the last document to this one. */
  publish(document: Json, seqStep?: number): void;
  /** Cuts every connection. */
  cut(): void;
}

export interface LiveServerOptions {
  readonly bootId?: string;
  readonly nonce?: string;
  readonly port?: number;
  /** Milliseconds before a silent client gets the raw document. */
  readonly statsWait?: number;
  /** Members of the hello that differ from a good one. */
  readonly hello?: Readonly<Record<string, unknown>>;
  /** Answers a message; what it returns is sent. */
  readonly answer?: (message: ClientMessage) => unknown;
  /** Answers the upgrade with this HTTP status instead. */
  readonly refuse?: number;
}

export const BOOT_ID = '0123456789abcdef';

/** A document as tsuwsgi serves it, as far as a client needs it. */
export function ourDocument(requests: number, bootId = BOOT_ID): Record<string, Json> {
  return {
    version: '0.1.0',
    pid: 7,
    workers: [{ id: 1, pid: 8, status: 'idle', requests, last_spawn: 9 }],
    server: 'tsuwsgi',
    boot_id: bootId,
  };
}

export async function liveServer(options: LiveServerOptions = {}): Promise<LiveServer> {
  const bootId = options.bootId ?? BOOT_ID;
  const http = createServer();
  const live = new WebSocketServer({ noServer: true });
  const heard: ClientMessage[] = [];
  const waiting = new Set<() => void>();
  let seq = 0;
  let last: Json = ourDocument(1, bootId);

  function greet(ws: WebSocket): void {
    const nonce = options.nonce ?? randomBytes(32).toString('hex');
    const hello = { type: 'hello', protocol: PROTOCOL_VERSION, version: '0.1.0', nonce };
    const full = { ...hello, boot_id: bootId, control: null, ...options.hello };
    ws.send(JSON.stringify(full));
    ws.send(JSON.stringify({ type: 'snapshot', seq, stats: last }));
    ws.on('error', () => undefined);
    ws.on('message', (data: Buffer) => {
      const message = decodeClientMessage(data.toString());
      if (!message.ok) throw new Error(message.error);
      heard.push(message.value);
      for (const check of [...waiting]) check();
      if (message.value.type === 'resync') {
        ws.send(JSON.stringify({ type: 'snapshot', seq, stats: last }));
      }
      const answer = options.answer?.(message.value);
      if (answer !== undefined) ws.send(JSON.stringify(answer));
    });
  }

  http.on('upgrade', (request, socket, head) => {
    if (options.refuse !== undefined) {
      socket.end(`HTTP/1.1 ${options.refuse} No\r\nConnection: close\r\n\r\n`);
    } else live.handleUpgrade(request, socket, head, greet);
  });
  const server = await tcpServer((socket) => {
    sniff(socket, options.statsWait ?? 250);
  }, options.port);

  function sniff(socket: Socket, waitMs: number): void {
    const raw = (): void => {
      socket.removeAllListeners('data');
      socket.end(JSON.stringify(last));
    };
    if (waitMs === 0) {
      raw();
      return;
    }
    const timer = setTimeout(raw, waitMs);
    socket.once('close', () => {
      clearTimeout(timer);
    });
    socket.once('data', (head: Buffer) => {
      clearTimeout(timer);
      socket.pause();
      socket.unshift(head);
      http.emit('connection', socket);
      socket.resume();
    });
  }

  const send = (message: unknown): void => {
    for (const client of live.clients) client.send(JSON.stringify(message));
  };
  return {
    ...server,
    heard,
    send,
    hear(type) {
      return new Promise((resolve) => {
        const check = (): void => {
          const found = heard.find(
            (each): each is ClientMessage & { type: typeof type } => each.type === type,
          );
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      });
    },
    publish(document, seqStep = 1) {
      const delta = diff(last, document);
      last = document;
      seq += seqStep;
      send({ type: 'delta', seq, delta });
    },
    cut() {
      for (const client of live.clients) client.terminate();
    },
  };
}
