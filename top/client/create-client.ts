import { isDeepStrictEqual } from 'node:util';
import { type Command, tellsProgress } from '../../shared/commands.js';
import type { Role } from '../../shared/protocol.js';
import type { RuntimeEnvironment } from '../../shared/runtime-directory.js';
import type { DecodedInstance } from '../../shared/stats.js';
import type { ClientEvent, ControlState } from '../model/client-event.js';
import { backOff } from './back-off.js';
import type { StatsClient } from './client.js';
import { systemClock, TIMING, type Clock, type Timing } from './clock.js';
import { dialWithin } from './dial.js';
import { type KeySource, keySource } from './key-file.js';
import { LiveConnection, type LiveEnd, type LiveEvent } from './live-connection.js';
import { PendingCommands, type CommandAnswer } from './pending-commands.js';
import { poll, type Manner, type PollAnswer } from './poll.js';
import type { Peer } from './steering/listeners.js';
import { UwsgiSteering } from './steering/uwsgi-steering.js';
import type { Target } from './target.js';
import { reasonWithoutWorkers } from '../model/without-workers.js';

/** Everything but the interval has a default that suits a program run by a person. */
export interface ClientOptions {
  /** How often a document is wanted, in milliseconds. */
  readonly intervalMs: number;
  /** `--key-file`. */
  readonly keyFile?: string | undefined;
  /** `read`: a key is looked for and used only where reading takes one. */
  readonly role?: Role;
  /** `--fifo`: the master FIFO of a real uWSGI. */
  readonly fifo?: string | undefined;
  readonly clock?: Clock;
  /** 0 to 1: spreads reconnects. */
  readonly random?: () => number;
  readonly timing?: Partial<Timing>;
  /** Where the user's runtime directory is found. */
  readonly env?: RuntimeEnvironment;
  readonly uid?: number;
}

/** A client for whatever answers at the target: tsuwsgi live, or any stats server by polling. */
export function createClient(target: Target, options: ClientOptions): StatsClient {
  return new Client(target, options);
}

/** A server under load may take our upgrade for silence once; so one refusal is not the last word. */
const UPGRADES_AT_ONCE = 3;

/** The refusal of an upgrade, held until the server restarts or some time has passed. */
interface Refusal {
  readonly bootId: string | undefined;
  /** Refusals in a row. */
  readonly count: number;
  readonly at: number;
  readonly reason: string;
}

class Client implements StatsClient {
  readonly #target: Target;
  readonly #clock: Clock;
  readonly #timing: Timing;
  readonly #random: () => number;
  readonly #keys: KeySource;
  readonly #role: Role;
  readonly #lifetime = new AbortController();
  readonly #pending = new PendingCommands();
  #intervalMs: number;
  #onEvent: (event: ClientEvent) => void = () => undefined;
  #wake: () => void = () => undefined;
  #live: LiveConnection | undefined;
  #refusal: Refusal | undefined;
  #bootId: string | undefined;
  #manner: Manner = 'unknown';
  #failures = 0;
  #control: ControlState | undefined;
  readonly #steering: UwsgiSteering;
  /** Whether the newest document was that of a uWSGI, which is polled. */
  #isSteered = false;

  constructor(target: Target, options: ClientOptions) {
    this.#target = target;
    this.#intervalMs = options.intervalMs;
    this.#clock = options.clock ?? systemClock;
    this.#timing = { ...TIMING, ...options.timing };
    this.#random = options.random ?? Math.random;
    this.#keys = keySource(options);
    this.#role = options.role ?? 'operate';
    this.#steering = new UwsgiSteering({
      fifo: options.fifo,
      clock: this.#clock,
      tell: (answer) => {
        this.#tell(answer);
      },
    });
  }

  start(onEvent: (event: ClientEvent) => void): void {
    this.#onEvent = onEvent;
    void this.#run();
  }

  setInterval(ms: number): void {
    this.#intervalMs = ms;
    if (this.#live) this.#live.subscribe(ms);
    else this.#wake();
  }

  refresh(): void {
    if (this.#live) this.#live.send({ type: 'resync' });
    else this.#wake();
  }

  command(id: number, command: Command): void {
    if (this.#isSteered && this.#control?.available === true) {
      void this.#steering.command(id, command);
      return;
    }
    if (this.#live && this.#control?.available === true) {
      this.#pending.sent(id);
      const progress = tellsProgress(command) ? { progress: true as const } : {};
      this.#live.send({ type: 'command', id, command, ...progress });
      return;
    }
    const reason =
      this.#control?.available === false ? this.#control.reason : 'the server is not connected';
    this.#tell({ type: 'reply', id, ok: false, code: 'needs-auth', message: reason });
  }

  close(): void {
    this.#onEvent = () => undefined;
    this.#lifetime.abort();
    this.#steering.close();
    this.#live?.close();
    this.#wake();
  }

  get #closed(): boolean {
    return this.#lifetime.signal.aborted;
  }

  async #run(): Promise<void> {
    this.#emit({ type: 'connecting', at: this.#clock.now() });
    while (!this.#closed) {
      if (this.#target.kind === 'live') await this.#streamOnce();
      else await this.#pollOnce();
    }
  }

  async #pollOnce(): Promise<void> {
    const began = this.#clock.now();
    const signal = this.#lifetime.signal;
    const context = { clock: this.#clock, timing: this.#timing, signal };
    const { result, manner, peer = null } = await poll(this.#target, this.#manner, context);
    if (this.#closed) return;
    this.#manner = manner;
    if (!result.ok && result.error.isLocked) {
      await this.#streamOnce();
      return;
    }
    if (!result.ok && result.error.unreachable) {
      await this.#retryLater(result.error.message);
      return;
    }
    if (!result.ok) {
      this.#emit({ type: 'problem', at: this.#clock.now(), message: result.error.message });
    } else if (await this.#takeAnswer(result.value, peer)) {
      await this.#streamOnce();
      return;
    }
    this.#failures = 0;
    await this.#sleep(this.#intervalMs - (this.#clock.now() - began));
  }

  /** Passes a polled document on; tells whether its server should be streamed from. */
  async #takeAnswer({ answer, transport }: PollAnswer, peer: Peer | null): Promise<boolean> {
    const { document } = answer;
    this.#bootId = document.kind === 'instance' ? document.instance.boot_id : undefined;
    const stats = answer.value;
    this.#emit({ type: 'document', at: this.#clock.now(), transport, document, stats });
    const ours = document.kind === 'instance' && document.instance.server === 'tsuwsgi';
    this.#isSteered = document.kind === 'instance' && !ours;
    if (document.kind !== 'instance') this.#setControl(reasonWithoutWorkers(document));
    else if (!ours) await this.#steer(document.instance, peer);
    else if (this.#target.kind === 'http') {
      this.#setControl('control needs the live protocol: leave out http:// in the address');
    } else {
      const refusal = this.#validRefusal(document.instance.boot_id);
      if (refusal === undefined) return true;
      this.#setControl(refusal.reason);
    }
    return false;
  }

  /** What can be done about a real uWSGI, whose stats socket takes no commands. */
  async #steer(instance: DecodedInstance, peer: Peer | null): Promise<void> {
    const control = await this.#steering.look(instance, peer);
    if (this.#closed) return;
    if (this.#role === 'read') this.#setControl('this connection was opened to read only');
    else this.#setControlState(control);
  }

  #validRefusal(bootId: string | undefined): Refusal | undefined {
    const refusal = this.#refusal;
    if (refusal === undefined || refusal.bootId !== bootId) return undefined;
    if (refusal.count < UPGRADES_AT_ONCE) return undefined;
    const age = this.#clock.now() - refusal.at;
    return age < this.#timing.upgradeAgain ? refusal : undefined;
  }

  async #streamOnce(): Promise<void> {
    const began = this.#clock.now();
    const end = await this.#stream();
    if (this.#closed) return;
    if (end.kind === 'refused' && this.#target.kind === 'any') {
      const bootId = this.#bootId;
      const count = this.#refusal?.bootId === bootId ? (this.#refusal?.count ?? 0) + 1 : 1;
      this.#refusal = { bootId, count, at: this.#clock.now(), reason: end.message };
      this.#setControl(end.message);
      await this.#sleep(this.#intervalMs - (this.#clock.now() - began));
      return;
    }
    // A connection that lived a while was a good one: begin with the shortest wait again.
    if (this.#clock.now() - began > 2 * this.#timing.poll) this.#failures = 0;
    await this.#retryLater(end.message);
  }

  /** Connects, and follows the live connection to its end. */
  async #stream(): Promise<LiveEnd> {
    const signal = this.#lifetime.signal;
    const limits = { clock: this.#clock, deadlineMs: this.#timing.handshake, signal };
    const socket = await dialWithin(this.#target, limits);
    if (!socket.ok) return { kind: 'lost', message: socket.error.message };
    const live = new LiveConnection(this.#target, socket.value, {
      clock: this.#clock,
      timing: this.#timing,
      keys: this.#keys,
      role: this.#role,
      intervalMs: this.#intervalMs,
      onEvent: (event) => {
        this.#takeLive(event);
      },
    });
    this.#live = live;
    const end = await live.ended;
    this.#live = undefined;
    for (const answer of this.#pending.abandon()) this.#tell(answer);
    return end;
  }

  #takeLive(event: LiveEvent): void {
    switch (event.type) {
      case 'document': {
        const at = this.#clock.now();
        const { document, stats } = event;
        this.#emit({ type: 'document', at, transport: 'live', document, stats });
        return;
      }
      case 'problem':
        this.#emit({ type: 'problem', at: this.#clock.now(), message: event.message });
        return;
      case 'no-control':
        this.#setControl(event.reason);
        return;
      case 'authorised':
        this.#setControl(event.ok ? null : `the server refused the key: ${event.message}`);
        return;
      case 'reply':
      case 'outcome':
        if (this.#pending.accepts(event)) this.#tell(event);
        return;
      case 'progress': {
        const { id, message } = event;
        if (this.#pending.awaitsOutcome(id)) {
          this.#emit({ type: 'progress', at: this.#clock.now(), id, message });
        }
      }
    }
  }

  async #retryLater(message: string): Promise<void> {
    this.#failures++;
    const retryInMs = backOff(this.#failures, this.#random());
    this.#setControl('the server is not connected');
    this.#emit({ type: 'disconnected', at: this.#clock.now(), message, retryInMs });
    await this.#sleep(retryInMs);
    if (!this.#closed) this.#emit({ type: 'connecting', at: this.#clock.now() });
  }

  /** Waits; `refresh` and `close` cut it short. */
  #sleep(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(Math.max(0, ms), () => {
        this.#wake();
      });
      this.#wake = () => {
        this.#wake = () => undefined;
        cancel();
        resolve();
      };
    });
  }

  /** `null`: commands can be sent. Tells only what is new. */
  #setControl(reason: string | null): void {
    this.#setControlState(reason === null ? { available: true } : { available: false, reason });
  }

  #setControlState(now: ControlState): void {
    const before = this.#control;
    this.#control = now;
    if (isDeepStrictEqual(before, now)) return;
    this.#emit({ type: 'control', at: this.#clock.now(), control: now });
  }

  #tell({ type, id, ok, code, message, problems }: CommandAnswer): void {
    const why = problems === undefined ? {} : { problems };
    this.#emit({ type, at: this.#clock.now(), id, ok, code, message, ...why });
  }

  #emit(event: ClientEvent): void {
    this.#onEvent(event);
  }
}
