import type net from 'node:net';
import type { Result } from '../../../shared/result.js';
import { refusal } from '../../http/gate.js';
import type { Asked } from '../asked.js';
import type { ClientSide } from '../client-side.js';
import type { Peer } from '../forwarded.js';
import type { RouterSettings } from '../settings.js';
import { transportSecurity } from '../transport-security.js';
import type { SimpleClient } from './simple-client.js';
import { type ConnectionDesk, type Elsewhere, SimpleConnection } from './simple-connection.js';
import type { SimpleRequest } from './simple-request.js';

/** What is needed of the router. */
export interface SimpleDesk {
  readonly settings: RouterSettings;
  readonly isDraining: () => boolean;
  peer(socket: net.Socket): Peer;
  /** A request as workers are asked, or why it is refused. */
  write(request: SimpleRequest, peer: Peer): Result<Asked, unknown>;
  /** Passes on a request that came. */
  pass(client: ClientSide, request: SimpleRequest, asked: Asked): void;
}

/** How much longer than it is told an idle connection is kept: what is on its way still arrives. */
const GRACE_MS = 1000;

/**
 * Serves the connections of HTTP/1.1 while they bring simple requests, since Node's server costs a
 * router about as much as all the rest of its work. Nothing is refused here: what the gate does not
 * let pass, goes the long way.
 */
export class SimpleFront implements ConnectionDesk {
  readonly #desk: SimpleDesk;
  readonly #connections = new Set<SimpleConnection>();
  readonly keepAliveLine: string;
  readonly mostHead: number;

  constructor(desk: SimpleDesk) {
    this.#desk = desk;
    const { keepAliveMs, maxHeaderSize } = desk.settings;
    const seconds = Math.floor(keepAliveMs / 1000);
    this.keepAliveLine =
      'Connection: keep-alive\r\n' + (keepAliveMs > 0 ? `Keep-Alive: timeout=${seconds}\r\n` : '');
    this.mostHead = maxHeaderSize;
  }

  get isDraining(): boolean {
    return this.#desk.isDraining();
  }

  readonly transportSecurity = ({ isEncrypted }: Peer): string | null =>
    transportSecurity(this.#desk.settings.transportSecurity, isEncrypted);

  /** Takes a connection that was just accepted. */
  take(socket: net.Socket, elsewhere: Elsewhere): void {
    new SimpleConnection(socket, this.#desk.peer(socket), this, elsewhere);
  }

  ask(client: SimpleClient, request: SimpleRequest, peer: Peer): boolean {
    const desk = this.#desk;
    if (refusal(request, desk.settings.limits) !== null) return false;
    const asked = desk.write(request, peer);
    if (!asked.ok) return false;
    desk.pass(client, request, asked.value);
    return true;
  }

  come(connection: SimpleConnection): void {
    this.#connections.add(connection);
  }

  gone(connection: SimpleConnection): void {
    this.#connections.delete(connection);
  }

  /** Looks at the clock: who has waited for too long. */
  sweep(now: number): void {
    const { keepAliveMs, headersTimeoutMs } = this.#desk.settings;
    for (const connection of this.#connections) {
      const limit = connection.isUsed ? keepAliveMs : headersTimeoutMs;
      const idle = now - connection.idleSince;
      if (limit === 0 || !connection.isIdle || idle < limit) continue;
      if (!connection.isUsed) connection.beLate();
      else if (idle >= limit + GRACE_MS) connection.end();
    }
  }

  /** Closes the connections on which nothing is asked. */
  closeIdle(): void {
    for (const connection of this.#connections) if (connection.isIdle) connection.end();
  }
}
