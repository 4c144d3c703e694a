import type { Command } from '../../shared/commands.js';
import type { DecodedEmperor, DecodedInstance, DecodedRouter } from '../../shared/stats.js';
import { StatsError } from '../../shared/stats-error.js';
import type { ClientEvent, Transport } from '../model/client-event.js';
import { freshness, nextConnection, staleAfter, type Connection } from '../model/connection.js';
import type { StatsClient } from './client.js';
import type { Clock } from './clock.js';
import {
  CommandDesk,
  isCommandEvent,
  type Accepted,
  type CommandEvent,
  type CommandOptions,
} from './command-desk.js';
import { isSameState, stateOf, type ConnectionState } from './connection-state.js';
import { Latest } from './latest.js';

/** One document of a stats server, understood. */
export interface Snapshot {
  /** What tsuwsgi or uWSGI says of itself and its workers; null when an Emperor or a router answers. */
  readonly instance: DecodedInstance | null;
  /** What a uWSGI Emperor says; null otherwise. */
  readonly emperor: DecodedEmperor | null;
  /** What a uWSGI router says, such as the http router; null otherwise. */
  readonly router: DecodedRouter | null;
  /** Something had to be replaced or left out to read it. */
  readonly damaged: boolean;
  readonly transport: Transport;
  /** When it arrived here, milliseconds since 1970. */
  readonly receivedAt: number;
}

/** What is told as it happens; the answers to commands are given by `command`. */
export type ConnectionEvent = Exclude<ClientEvent, CommandEvent>;

/**
 * A connection to one stats server, whatever it speaks: tsuwsgi is streamed from, a real uWSGI is
 * polled. It comes back by itself when the server does, until `close`.
 */
export interface StatsConnection extends AsyncIterable<Snapshot> {
  /** How it stands now. */
  readonly state: ConnectionState;
  /** Milliseconds since the newest document arrived; null before the first. */
  readonly age: number | null;
  /** Tells every change of `state`; gives back what ends it. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Tells everything that happens, in order: what tsuwsgitop is built on. */
  onEvent(listener: (event: ConnectionEvent) => void): () => void;
  /**
   * The newest snapshot, then each that follows. A slow consumer skips to the newest; nothing is
   * kept for it. Ends with `close`; throws a `StatsError` with the code `aborted`, and `unreachable`
   * with `reconnect: false`. Leaving the loop does not close the connection.
   */
  [Symbol.asyncIterator](): AsyncIterator<Snapshot, undefined>;
  /**
   * Sends a command as soon as the server has taken the key, and settles with its reply. What was
   * refused, or could not be sent, rejects with a `StatsError`.
   */
  command(command: Command, options?: CommandOptions): Promise<Accepted>;
  /** Changes how often documents are wanted: milliseconds, 100 to 60,000. */
  setInterval(ms: number): void;
  /** Asks for a document now, ahead of the interval. */
  refresh(): void;
  /** Closes sockets and timers; commands that are open settle, and iterations end. */
  close(): void;
  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a connection is made of, besides its client. */
export interface ConnectionParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Whether a server that is lost is tried again. */
  readonly reconnect: boolean;
  readonly signal: AbortSignal | undefined;
}

const CLOSED = 'the connection was closed';

/** The interval is what the live protocol allows. */
export function checkInterval(ms: number): number {
  if (typeof ms === 'number' && ms >= 100 && ms <= 60_000) return ms;
  throw new StatsError('bad-option', `interval: ${ms} is not between 100 and 60000 milliseconds`);
}

/** Follows a client that is not started yet, and starts it a moment later: nothing is missed. */
export function openConnection(client: StatsClient, parts: ConnectionParts): StatsConnection {
  return new FollowedConnection(client, parts);
}

class FollowedConnection implements StatsConnection {
  readonly #client: StatsClient;
  readonly #parts: ConnectionParts;
  readonly #snapshots = new Latest<Snapshot>();
  readonly #desk: CommandDesk;
  readonly #eventListeners = new Set<(event: ConnectionEvent) => void>();
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  #connection: Connection;
  #documentAt: number | null = null;
  #intervalMs: number;
  #told: ConnectionState = { name: 'connecting' };
  #closed = false;
  #cancelStart: () => void;
  #cancelStale = (): void => undefined;

  constructor(client: StatsClient, parts: ConnectionParts) {
    const { clock, signal } = parts;
    this.#client = client;
    this.#parts = parts;
    this.#intervalMs = parts.intervalMs;
    this.#desk = new CommandDesk(client, clock);
    this.#connection = { state: 'connecting', since: clock.now() };
    signal?.addEventListener('abort', this.#abort, { once: true });
    this.#cancelStart = clock.after(0, () => {
      client.start((event) => {
        this.#hear(event);
      });
    });
  }

  get state(): ConnectionState {
    if (this.#closed) return { name: 'closed' };
    const now = this.#parts.clock.now();
    const times = { now, documentAt: this.#documentAt, intervalMs: this.#intervalMs };
    return stateOf(freshness(this.#connection, times));
  }

  get age(): number | null {
    return this.#documentAt === null ? null : this.#parts.clock.now() - this.#documentAt;
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  onEvent(listener: (event: ConnectionEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  [Symbol.asyncIterator](): AsyncIterator<Snapshot, undefined> {
    return this.#snapshots[Symbol.asyncIterator]();
  }

  command(command: Command, options?: CommandOptions): Promise<Accepted> {
    return this.#desk.command(command, options);
  }

  setInterval(ms: number): void {
    this.#intervalMs = checkInterval(ms);
    this.#client.setInterval(ms);
    this.#watchAge();
  }

  refresh(): void {
    this.#client.refresh();
  }

  close(): void {
    this.#end(new StatsError('closed', CLOSED), null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  readonly #abort = (): void => {
    const cause: unknown = this.#parts.signal?.reason;
    const error = new StatsError('aborted', 'the connection was given up', { cause });
    this.#end(error, error);
  };

  #hear(event: ClientEvent): void {
    this.#desk.hear(event);
    if (isCommandEvent(event)) return;
    this.#connection = nextConnection(this.#connection, event);
    for (const listener of [...this.#eventListeners]) listener(event);
    if (event.type === 'document') this.#show(event);
    this.#tellState();
    if (event.type === 'disconnected' && !this.#parts.reconnect) {
      const error = new StatsError('unreachable', event.message);
      this.#end(error, error);
    }
  }

  #show({ document, transport }: Extract<ClientEvent, { readonly type: 'document' }>): void {
    this.#documentAt = this.#parts.clock.now();
    this.#watchAge();
    this.#snapshots.publish({
      instance: document.kind === 'instance' ? document.instance : null,
      emperor: document.kind === 'emperor' ? document.emperor : null,
      router: document.kind === 'router' ? document.router : null,
      damaged: document.damaged,
      transport,
      receivedAt: Date.now(),
    });
  }

  /** Looks again when the newest document has become stale. */
  #watchAge(): void {
    this.#cancelStale();
    if (this.#documentAt === null || this.#closed) return;
    const { clock } = this.#parts;
    const staleAt = this.#documentAt + staleAfter(this.#intervalMs) + 1;
    this.#cancelStale = clock.after(Math.max(0, staleAt - clock.now()), () => {
      this.#tellState();
    });
  }

  #tellState(): void {
    const now = this.state;
    if (isSameState(this.#told, now)) return;
    this.#told = now;
    for (const listener of [...this.#stateListeners]) listener(now);
  }

  /** `thrown` is what iterations end with. */
  #end(error: StatsError, thrown: StatsError | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.signal?.removeEventListener('abort', this.#abort);
    this.#cancelStart();
    this.#cancelStale();
    this.#client.close();
    this.#desk.end(error);
    this.#snapshots.end(thrown);
    this.#tellState();
  }
}
