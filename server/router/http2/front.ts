import http2, { type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { refusal } from '../../http/gate.js';
import type { RequestLimits } from '../../http/limits.js';
import type { Refusal } from '../../http/refusal.js';
import type { LoggedRequest } from '../../request-log/logged.js';
import type { ClientSide } from '../client-side.js';
import type { Question } from '../exchange.js';
import type { Peer } from '../forwarded.js';
import type { ClientRequest } from '../request-head.js';
import type { RouterSettings } from '../settings.js';
import { transportSecurity } from '../transport-security.js';
import { Http2Client, refuseStream } from './client.js';
import { readHttp2Request, type Refused } from './request.js';
import { Session } from './session.js';
import { streamToLog } from './stream-to-log.js';
import { switchStream, withKey } from './websocket.js';

/** What is needed of the router. */
export interface Http2Desk {
  readonly settings: RouterSettings;
  peer(socket: TLSSocket): Peer;
  /** A request came. */
  countRequest(): void;
  /** It was refused. */
  refused(refused: Refused, request: LoggedRequest): void;
  /** A connection was given up for this. */
  gaveUp(code: string): void;
  /** Passes a request on, with `switchTo` one for a WebSocket; the refusal where that is not done. */
  ask(
    client: ClientSide,
    request: ClientRequest,
    peer: Peer,
    switchTo: Question['switchTo'],
  ): Refused | null;
  /** Counts a tunnel until what comes back is called. */
  openTunnel(): () => void;
}

/** Streams that a client may have open: more are refused, and may be sent again. */
const MAX_STREAMS = 100;
/** Above it Node itself breaks off a stream; below it, and above what HTTP/1.1 takes, it is 431. */
const MAX_HEADER_LIST = 65_536;
/** What a client may send of one body, and of all bodies together, before a worker takes it. */
const STREAM_WINDOW = 256 * 1024;
const SESSION_WINDOW = 1024 * 1024;
/** Frames that are not valid, and streams beyond the limit, before the connection is ended. */
const MAX_INVALID_FRAMES = 100;
const MAX_REJECTED_STREAMS = 100;

/** Serves the connections on which HTTP/2 was agreed on. */
export class Http2Front {
  readonly #desk: Http2Desk;
  readonly #server: http2.Http2Server;
  readonly #sessions = new Map<http2.Http2Session, { session: Session; peer: Peer }>();
  #isDraining = false;
  /** Whose session is being made: Node makes it before `take` returns. */
  #peer: Peer | null = null;

  constructor(desk: Http2Desk) {
    this.#desk = desk;
    this.#server = http2.createServer({
      maxSessionInvalidFrames: MAX_INVALID_FRAMES,
      maxSessionRejectedStreams: MAX_REJECTED_STREAMS,
      // Pseudo-fields come on top, and what is a little too much is refused below.
      maxHeaderListPairs: desk.settings.limits.fields + 64,
      settings: {
        maxConcurrentStreams: MAX_STREAMS,
        maxHeaderListSize: MAX_HEADER_LIST,
        initialWindowSize: STREAM_WINDOW,
        enablePush: false,
        enableConnectProtocol: true,
      },
    });
    this.#server
      .on('session', this.#onSession)
      .on('stream', (stream, _headers, _flags, rawHeaders?: string[]) => {
        this.#onStream(stream, rawHeaders ?? []);
      });
  }

  take(socket: TLSSocket): void {
    this.#peer = this.#desk.peer(socket);
    this.#server.emit('connection', socket);
    this.#peer = null;
  }

  drain(): void {
    this.#isDraining = true;
    for (const { session } of this.#sessions.values()) session.drain();
  }

  closeIdle(): void {
    for (const { session } of this.#sessions.values()) if (session.isIdle) session.close();
  }

  close(): void {
    for (const { session } of this.#sessions.values()) session.destroy();
  }

  readonly #onSession = (made: ServerHttp2Session): void => {
    const peer = this.#peer;
    if (peer === null) {
      made.destroy();
      return;
    }
    const { keepAliveMs, headersTimeoutMs } = this.#desk.settings;
    const limits = { idleMs: keepAliveMs, firstMs: headersTimeoutMs };
    const session = new Session(made, limits, (code) => {
      this.#desk.gaveUp(code);
    });
    made.setLocalWindowSize(SESSION_WINDOW);
    this.#sessions.set(made, { session, peer });
    made
      .on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_HTTP2_ERROR') this.#desk.gaveUp('http2_protocol');
      })
      .once('close', () => this.#sessions.delete(made));
    if (this.#isDraining) session.drain();
  };

  #onStream(stream: ServerHttp2Stream, rawFields: readonly string[]): void {
    stream.on('error', () => undefined);
    const found = stream.session === undefined ? undefined : this.#sessions.get(stream.session);
    if (found === undefined) {
      stream.destroy();
      return;
    }
    const desk = this.#desk;
    desk.countRequest();
    let client: Http2Client | null = null;
    found.session.follow(stream, () => client?.isCut === true);
    const { limits, maxHeaderSize, transportSecurity: seconds } = desk.settings;
    const said = transportSecurity(seconds, true);
    const toLog = (): LoggedRequest => streamToLog(rawFields, stream, found.peer);
    const refuse = (refused: Refused): void => {
      desk.refused(refused, toLog());
      refuseStream(stream, refused, said);
    };
    const request = readHttp2Request(rawFields, !stream.endAfterHeaders, maxHeaderSize);
    if (!request.ok) {
      refuse(request.error);
      return;
    }
    const fault = judge(request.value, limits);
    if (fault !== null) {
      refuse(fault);
      return;
    }
    const { method, url, isWebSocket } = request.value;
    client = new Http2Client(stream, {
      method,
      url,
      transportSecurity: said,
      // What a WebSocket has to say is no body.
      mostBody: isWebSocket ? 0 : limits.body,
      toLog,
      isWebSocket,
      onRefused: (refused) => {
        desk.refused(refused, toLog());
      },
    });
    const asked = isWebSocket ? withKey(request.value) : request.value;
    const switchTo: Question['switchTo'] = (head, connection, rest) => {
      switchStream(stream, said, { head, connection, rest }, desk.openTunnel());
    };
    const refused = desk.ask(client, asked, found.peer, isWebSocket ? switchTo : null);
    if (refused !== null) refuse(refused);
  }
}

/** The gate judges it as the request in HTTP/1.1 that the worker is asked. */
function judge({ method, url, rawHeaders }: ClientRequest, limits: RequestLimits): Refusal | null {
  return refusal({ method, url, rawHeaders, httpVersionMajor: 1, httpVersionMinor: 1 }, limits);
}
