import { BackendConnection, type Owner } from './backend-connection.js';
import type { Backend, BackendFigures } from './settings.js';

/** Node closes idle connections after 5 s: one that is about to be closed must not be used. */
const IDLE_SECONDS = 4;
/** A backend that tells its limit is given as much time for what is on its way. */
const MARGIN_SECONDS = 1;

/** One backend with its connections. */
export class BackendPool implements Owner {
  readonly id: number;
  path: string;
  accepting: boolean;
  inFlight = 0;
  requests = 0;
  errors = 0;
  #generation: number;
  #connections = new Set<BackendConnection>();
  /** The last one used is the next one: those that are not needed expire. */
  readonly #idle: BackendConnection[] = [];

  constructor({ id, path, accepting, generation = 0 }: Backend) {
    this.id = id;
    this.path = path;
    this.accepting = accepting;
    this.#generation = generation;
  }

  /** Takes over what is new of the same backend. */
  update({ path, accepting, generation = 0 }: Backend): void {
    const isOther = path !== this.path || generation !== this.#generation;
    this.path = path;
    this.#generation = generation;
    this.accepting = accepting;
    if (isOther || !accepting) this.closeIdle();
  }

  /** A connection that no request is on. */
  connection(now: number): BackendConnection {
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.isUsable && last.expiresAt > now) return last;
      last.abandon();
    }
    const made = new BackendConnection(this.path, this);
    this.#connections.add(made);
    return made;
  }

  idle(connection: BackendConnection, seconds: number | null): void {
    const stays = Math.min(IDLE_SECONDS, (seconds ?? Infinity) - MARGIN_SECONDS);
    if (!this.accepting || stays <= 0) {
      connection.abandon();
      return;
    }
    connection.expiresAt = performance.now() + stays * 1000;
    this.#idle.push(connection);
  }

  gone(connection: BackendConnection): void {
    this.#connections.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  /** Closes the connections that have been idle for too long. */
  expire(now: number): void {
    while ((this.#idle[0]?.expiresAt ?? Infinity) <= now) this.#idle.shift()?.abandon();
  }

  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.abandon();
  }

  /** Breaks everything. */
  close(): void {
    this.#idle.length = 0;
    for (const connection of this.#connections) connection.abandon();
  }

  figures(): BackendFigures {
    const { id, inFlight, requests, errors } = this;
    return { id, in_flight: inFlight, requests, errors };
  }
}
