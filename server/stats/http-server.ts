import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer } from './answer.js';
import { decideRequest, type Decision, type RequestHead } from './http-answers.js';
import type { Limits } from './limits.js';
import type { PageSource } from './pages.js';
import type { ReadingGate } from './reading-gate.js';

/** Takes over connections whose client speaks first. */
export interface HttpSide {
  /** The socket is paused, and the first bytes are back in it. */
  take(socket: Socket): void;
  /** Closes the keep-alive connections that are between two requests. */
  readonly closeIdle: () => void;
  close(): void;
}

export interface HttpSideOptions {
  readonly allowedHosts: ReadonlySet<string>;
  readonly source: PageSource;
  readonly limits: Limits;
  /** Has the last word about every request. */
  readonly gate: ReadingGate;
  /** Spreads what comes in bursts over the turns of the loop. */
  readonly inTurn: (action: () => void) => void;
  /** A request for the WebSocket that may be granted. */
  readonly onLive: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
}

/**
 * An HTTP server that never listens: it is handed its connections. HEAD, keep-alive, pipelining
 * and the refusal of malformed requests are Node's own.
 */
export function httpSide(options: HttpSideOptions): HttpSide {
  const { limits } = options;
  const server = createServer({
    headersTimeout: limits.headTimeoutMs,
    requestTimeout: Math.max(limits.requestTimeoutMs, limits.headTimeoutMs),
    keepAliveTimeout: limits.keepAliveMs,
    maxHeaderSize: 16_384,
    connectionsCheckingInterval: Math.max(20, Math.min(1000, limits.headTimeoutMs / 4)),
    noDelay: true,
  });
  const decide = (request: IncomingMessage, webSocket: boolean): Decision => {
    const head = headOf(request, webSocket);
    const decision = decideRequest(head, options.allowedHosts, options.source);
    return options.gate(request, head, decision);
  };
  server.on('request', (request, response) => {
    const decision = decide(request, false);
    if (decision !== 'live') send(request, response, decision, limits.responseDeadlineMs);
  });
  // Node gives every Upgrade request here, also one for HTTP/2, which is answered as if it asked
  // for nothing (RFC 9110 §7.8).
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const decision = decide(request, asksForWebSocket(request));
    if (decision === 'live') options.onLive(request, socket, head);
    else sendRaw(request, socket, decision);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    options.inTurn(() => {
      refuse(error, socket);
    });
  });
  // The clock that enforces head and request timeouts starts with this event.
  server.emit('listening');
  return {
    take(socket) {
      server.emit('connection', socket);
      socket.resume();
    },
    closeIdle() {
      server.closeIdleConnections();
    },
    close() {
      server.close();
    },
  };
}

function asksForWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

function headOf(request: IncomingMessage, webSocket: boolean): RequestHead {
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    httpVersion: request.httpVersion,
    // Node keeps only the first of several.
    hosts: request.headersDistinct['host'] ?? [],
    origin: request.headers.origin,
    accept: request.headers.accept,
    webSocket,
  };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  deadlineMs: number,
): void {
  const timer = setTimeout(() => request.socket.destroy(), deadlineMs);
  response.once('close', () => {
    clearTimeout(timer);
  });
  response.writeHead(answer.status, {
    ...answer.headers,
    'Content-Length': answer.body.length,
  });
  if (request.method === 'HEAD') response.end();
  else response.end(answer.body);
}

/** What Node's parser and clocks refuse, by the code of their error; all else is a bad request. */
const REFUSALS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** As Node does it, but for the trace of the error, which costs more than the answer. */
function refuse({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  const status = REFUSALS[code] ?? 400;
  if (socket.writable && code !== 'ECONNRESET') {
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
  }
  socket.destroy();
}

/** Answers a request whose connection Node has let go of. */
function sendRaw(request: IncomingMessage, socket: Socket, answer: Answer): void {
  const fields = {
    ...answer.headers,
    'Content-Length': answer.body.length,
    Date: new Date().toUTCString(),
    Connection: 'close',
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.write(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('')}\r\n`,
  );
  socket.end(request.method === 'HEAD' ? '' : answer.body);
}
