import type http from 'node:http';
import type https from 'node:https';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { createGate, refuse } from '../../http/gate.js';
import { ignoreH2c } from '../../http/h2c.js';
import { type OnRefused, refuseConnect, refuseMalformed } from '../../http/malformed.js';
import type { Proxied } from '../../http/proxied.js';
import { type Asked, askedOf } from '../asked.js';
import type { RouterCounts } from '../counts.js';
import type { ClientSide } from '../client-side.js';
import type { Question } from '../exchange.js';
import type { Peer } from '../forwarded.js';
import { expectProxied } from '../proxied-side.js';
import { answerRedirection, redirection } from '../redirection.js';
import { NO_HOST } from '../refusals.js';
import { asClientRequest, type ClientRequest } from '../request-head.js';
import type { RouterLines } from '../request-lines.js';
import type { RouterSettings } from '../settings.js';
import type { StaticSide } from '../static-side.js';
import { sayOverTls, transportSecurity } from '../transport-security.js';
import { responseToUpgrade, switchOver } from '../upgrade.js';
import { NodeClient } from './node-client.js';

/** What is needed of the router. */
export interface NodeDesk {
  readonly settings: RouterSettings;
  readonly counts: RouterCounts;
  readonly lines: RouterLines;
  readonly files: StaticSide;
  log(line: string): void;
  follow(socket: net.Socket): void;
  peer(socket: net.Socket): Peer;
  pass(
    client: ClientSide,
    request: ClientRequest,
    asked: Asked,
    switchTo: Question['switchTo'],
  ): void;
  /** A connection is a tunnel until the returned function is called. */
  tunnel(): () => void;
}

/** An upgrade that is asked for. */
interface Upgrade {
  readonly protocol: string;
  readonly switchTo: Question['switchTo'];
}

/** Serves what Node's parser makes of the connections of HTTP/1. */
export class NodeFront {
  readonly #desk: NodeDesk;
  readonly #gate: ReturnType<typeof createGate>;
  readonly #proxied: Proxied[] = [];

  constructor(desk: NodeDesk) {
    this.#desk = desk;
    this.#gate = createGate(desk.settings.limits, (refusal, request, response) => {
      desk.counts.refuse(refusal.code);
      desk.lines.refused(refusal, request, response);
    });
  }

  serve(server: http.Server | https.Server): void {
    const desk = this.#desk;
    server.keepAliveTimeout = desk.settings.keepAliveMs;
    server.headersTimeout = desk.settings.headersTimeoutMs;
    server.requestTimeout = 0;
    // Node leaves out what is above its limit: the router refuses such a request.
    server.maxHeadersCount = 0;
    server
      .on('connection', (socket: net.Socket) => {
        desk.follow(socket);
      })
      .on('request', this.#onRequest)
      .on('checkContinue', this.#onRequest)
      .on('upgrade', (request: http.IncomingMessage, stream: Duplex, early: Buffer) => {
        if (!ignoreH2c(server, request, stream, early)) this.#onUpgrade(request, stream, early);
      });
    sayOverTls(server, desk.settings.transportSecurity);
    const proxied = expectProxied(server, desk.settings, (why) => {
      desk.counts.refuse('proxy_protocol');
      desk.log(why);
    });
    if (proxied !== null) this.#proxied.push(proxied);
    const onNoRequest: OnRefused = (refusal, connection, answer) => {
      desk.counts.requests++;
      desk.counts.refuse(refusal.code);
      desk.lines.noRequest(refusal, connection, answer);
    };
    refuseMalformed(server, onNoRequest);
    refuseConnect(server, onNoRequest);
  }

  /** Closes the connections that have not even said whose they are. */
  closeUnknown(): void {
    for (const proxied of this.#proxied) proxied.close();
  }

  readonly #onRequest = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    this.#desk.counts.requests++;
    if (!this.#gate.admit(request, response)) return;
    if (response.socket !== null) {
      this.#answer(request, response);
      return;
    }
    // It was sent behind another one, which it must not overtake (RFC 9112 §9.3.2).
    response.once('socket', () => {
      this.#answer(request, response);
    });
  };

  /** From a file, or by a worker. */
  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const ask = (): void => {
      this.#ask(request, response, null);
    };
    if (!this.#desk.files.take(request, response, ask)) ask();
  }

  #ask(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    upgrade: Upgrade | null,
  ): void {
    const desk = this.#desk;
    const peer = desk.peer(request.socket);
    const { to, transportSecurity: seconds, redirectTo } = desk.settings;
    const told = asClientRequest(request);
    const asked = askedOf(told, peer, { upgrade: upgrade?.protocol ?? null, to });
    if (!asked.ok) {
      this.#refuse(request, response, asked.error);
      return;
    }
    const elsewhere = redirection(redirectTo, peer, request);
    if (elsewhere !== null) {
      if (elsewhere === 'no host') this.#refuse(request, response, NO_HOST);
      else {
        answerRedirection(request, response, elsewhere.location);
        desk.lines.redirected(response);
      }
      return;
    }
    const said = transportSecurity(seconds, peer.isEncrypted);
    const client = new NodeClient(request, response, said);
    desk.pass(client, told, asked.value, upgrade?.switchTo ?? null);
  }

  #onUpgrade(request: http.IncomingMessage, stream: Duplex, early: Buffer): void {
    this.#desk.counts.requests++;
    if (!this.#gate.admitUpgrade(request, stream)) return;
    // The same as `stream`, by its own type.
    const { socket } = request;
    const response = responseToUpgrade(request, socket);
    const protocol = request.headers.upgrade ?? '';
    this.#ask(request, response, {
      protocol,
      switchTo: (head, connection, rest) => {
        const client = { socket, response, early };
        switchOver(client, { head, connection, rest }, this.#desk.tunnel());
      },
    });
  }

  #refuse(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    refused: { readonly code: string; readonly status: number; readonly reason: string },
  ): void {
    this.#desk.counts.refuse(refused.code);
    refuse(request, response, refused);
    this.#desk.lines.refused(refused, request, response);
  }
}
