import { BackendConnection, type Owner } from './backend-connection.js';
import { connectOptions, type ForeignBackend } from './foreign.js';
import { Health } from './health.js';
import type { Backend, BackendFigures } from './settings.js';

/** Node closes idle connections after 5 s: one that is about to be closed must not be used. */
const IDLE_SECONDS = 4;
/** A backend that tells its limit is given as much time for what is on its way. */
const MARGIN_SECONDS = 1;

/** One backend with its connections. */
export class BackendPool implements Owner {
  readonly id: number;
  path: string;
  /** Null: it is a worker. */
  readonly foreign: ForeignBackend | null;
  inFlight = 0;
  requests = 0;
  errors = 0;
  #generation: number;
  /** Whether new requests are for it at all. */
  #isWanted: boolean;
  #connections = new Set<BackendConnection>();
  /** The last one used is the next one: those that are not needed expire. */
  readonly #idle: BackendConnection[] = [];
  readonly #health = new Health();
  readonly #onChange: () => void;

  /** `onChange`: a foreign one is down, or serves again. */
  constructor({ id, path, accepting, generation = 0, foreign }: Backend, onChange: () => void) {
    this.id = id;
    this.path = path;
    this.#isWanted = accepting;
    this.#generation = generation;
    this.foreign = foreign ?? null;
    this.#onChange = onChange;
  }

  /** For the log. */
  get name(): string {
    return this.foreign === null ? `worker ${this.id}` : this.foreign.name;
  }

  /** Whether it can be given a request now; of workers the master knows how they are. */
  get accepting(): boolean {
    if (!this.#isWanted || this.foreign === null) return this.#isWanted;
    return this.#health.state(performance.now()) !== 'down';
  }

  /** Whether requests may hope for it. */
  get isServing(): boolean {
    return (
      this.#isWanted && (this.foreign === null || this.#health.state(performance.now()) === 'up')
    );
  }

  /** No connection could be made for a request that it got at `since`. */
  unreachable(now: number, since: number): void {
    if (this.foreign === null) return;
    this.#health.unreachable(now, since);
    this.#onChange();
  }

  /** A request that it got at `since` had no answer in time. */
  silent(now: number, since: number): void {
    if (this.foreign === null) return;
    this.#health.silent(now, since);
    this.#onChange();
  }

  answered(now: number): void {
    if (this.foreign === null) return;
    const wasUp = this.#health.state(now) === 'up';
    this.#health.answered(now);
    if (!wasUp) this.#onChange();
  }

  /** It gets no new request. */
  retire(): void {
    this.#isWanted = false;
    this.closeIdle();
  }

  /** Takes over what is new of the same backend. */
  update({ path, accepting, generation = 0 }: Backend): void {
    const isOther = path !== this.path || generation !== this.#generation;
    this.path = path;
    this.#generation = generation;
    this.#isWanted = accepting;
    if (isOther || !accepting) this.closeIdle();
  }

  /** A connection that no request is on. */
  connection(now: number): BackendConnection {
    this.#health.asked(now);
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.isUsable && last.expiresAt > now) return last;
      last.abandon();
    }
    const { foreign } = this;
    const to = foreign === null ? { path: this.path } : connectOptions(foreign);
    const made = new BackendConnection(to, this, foreign?.protocol !== 'uwsgi');
    this.#connections.add(made);
    return made;
  }

  idle(connection: BackendConnection, seconds: number | null): void {
    const stays = Math.min(IDLE_SECONDS, (seconds ?? Infinity) - MARGIN_SECONDS);
    if (!this.#isWanted || stays <= 0) {
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
    const own = { id, in_flight: inFlight, requests, errors };
    if (this.foreign === null) return own;
    const state = this.#health.state(performance.now());
    return { ...own, address: this.foreign.name, state };
  }
}
