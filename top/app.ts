import type { Command } from '../shared/commands.js';
import { err, messageOf, ok, type Result } from '../shared/result.js';
import { StatsError } from '../shared/stats-error.js';
import type { Outcome } from './client/command-desk.js';
import type { StatsConnection } from './client/connection.js';
import type { ReplayControl } from './client/replay-clock.js';
import type { Clock } from './clock.js';
import type { Effect, Message } from './model/message.js';
import { createPace } from './pace.js';
import type { Ending } from './terminal/ending.js';
import type { InputEvent } from './terminal/input-decoder.js';
import { signalEnding, type Session, type SessionHandlers } from './terminal/session.js';
import type { Copied } from './view/copied.js';
import type { Frame } from './view/frame.js';
import { targetAt } from './view/hit.js';

/** What is done to the time of a recording. */
type Steering = Extract<Effect, { type: 'hold' | 'speed' | 'seek' }>;

function isSteering<T extends Effect>(effect: T): effect is T & Steering {
  return effect.type === 'hold' || effect.type === 'speed' || effect.type === 'seek';
}

/** Data is painted at most 30 times a second; a key is answered within a sixtieth. */
const FRAME_MS = 33;
const KEY_MS = 16;

const BY_HAND: ReadonlySet<Message['type']> = new Set(['key', 'click', 'wheel', 'resize']);

const TICK_MS = 1000;
/** Nothing that is worth reading changes faster. */
const SHORTEST_TICK_MS = 100;

/** What the dashboard needs of its connection. */
export type AppConnection = Pick<
  StatsConnection,
  'onEvent' | 'setInterval' | 'refresh' | 'command' | 'close'
>;

/** A message; of several servers, from which. */
export type AppMessage = Message & { readonly server?: number };

/** An effect; of several servers, on which. */
export type AppEffect = Effect & { readonly server?: number };

export interface AppParts<M> {
  readonly initial: M;
  readonly update: (model: M, message: AppMessage) => readonly [M, readonly AppEffect[]];
  readonly view: (model: M) => Frame;
  readonly connection: AppConnection;
  /** Of the other servers, where several are watched: server 1 and on. */
  readonly others?: readonly AppConnection[];
  readonly open: (handlers: SessionHandlers) => Session;
  readonly clock: Clock;
  /** Of a recording that is shown; null with a server. */
  readonly replay?: ReplayControl | null;
  /** Writes the settings; tells in a sentence what was done, or why it was not. */
  readonly save?: (text: string) => Result<string, string>;
  /** What is copied of a model; the error is why there is nothing to copy. */
  readonly copied?: (model: M) => Result<Copied, string>;
  /** How long to the next tick; a second unless something counts down faster. */
  readonly tickMs?: (model: M) => number;
  /** The same after a document: by then the next one should have come, and have shown the time. */
  readonly quietMs?: (model: M) => number;
  /** Does what a model has put off, and what could wait until the picture was out. */
  readonly catchUp?: (model: M) => void;
}

export interface App<M> {
  /** Settles when the terminal has been given back and the client is closed. */
  readonly ended: Promise<Ending>;
  readonly model: M;
  dispatch(message: AppMessage): void;
  /** Settles when all messages are taken in and the picture shows them. */
  idle(): Promise<void>;
}

/**
 * Runs the dashboard: everything that happens is a message, `update` makes of it a model and
 * effects, and `view` a frame that is painted soon. An exception in either ends the program with
 * its trace, the terminal restored.
 */
export function runApp<M>(parts: AppParts<M>): App<M> {
  const app = new Loop(parts);
  app.start();
  return app;
}

class Loop<M> implements App<M> {
  readonly ended: Promise<Ending>;
  model: M;
  private readonly parts: AppParts<M>;
  private readonly queue: AppMessage[] = [];
  private readonly connections: readonly AppConnection[];
  private readonly pace;
  private waiting: (() => void)[] = [];
  private painted: M | undefined;
  /** What the person sees, and so what a click is meant for. */
  private frame: Frame | undefined;
  private state: 'waiting' | 'working' | 'over' = 'waiting';
  private session: Session | undefined;
  private cancelTick: (() => void) | undefined;
  private settle: (ending: Ending) => void = () => undefined;

  constructor(parts: AppParts<M>) {
    this.parts = parts;
    this.connections = [parts.connection, ...(parts.others ?? [])];
    this.model = parts.initial;
    this.ended = new Promise((resolve) => (this.settle = resolve));
    this.pace = createPace(parts.clock, () => {
      this.guarded(() => {
        this.paint();
      });
    });
  }

  start(): void {
    this.guarded(() => {
      this.session = this.parts.open({
        onInput: (event) => {
          this.hear(event);
        },
        onResize: ({ width, height }) => {
          this.dispatch({ type: 'resize', width, height });
        },
        onEnd: (ending) => {
          this.end(ending);
        },
      });
      this.dispatch({ type: 'resize', ...this.session.size() });
      this.tick();
      this.connections.forEach((connection, server) => {
        connection.onEvent((event) => {
          this.dispatch({ type: 'client', event, server });
          // Of several servers each comes in its own time, and none may hold up what others show.
          if (event.type === 'document' && this.connections.length === 1) this.tick('document');
        });
      });
    });
  }

  dispatch(message: AppMessage): void {
    this.queue.push(message);
    if (this.state !== 'waiting') return;
    this.state = 'working';
    this.guarded(() => {
      for (let next = this.queue.shift(); next && !this.isOver(); next = this.queue.shift()) {
        this.take(next);
      }
    });
    if (!this.isOver()) this.state = 'waiting';
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOver() || (this.queue.length === 0 && !this.pace.pending)) resolve();
      else this.waiting.push(resolve);
    });
  }

  private isOver(): boolean {
    return this.state === 'over';
  }

  private take(message: AppMessage): void {
    const [next, effects] = this.parts.update(this.model, message);
    this.model = next;
    for (const effect of effects) if (!this.isOver()) this.perform(effect);
    if (message.type === 'resize') this.painted = undefined;
    if (this.isOver() || this.painted === this.model) return;
    this.pace.want(BY_HAND.has(message.type) ? KEY_MS : FRAME_MS);
  }

  private perform(effect: AppEffect): void {
    if (isSteering(effect)) {
      this.steer(effect);
      return;
    }
    const connection = this.connectionOf(effect.server);
    switch (effect.type) {
      case 'command':
        void this.command(effect.id, effect.command, effect.server);
        return;
      case 'interval':
        connection.setInterval(effect.ms);
        return;
      case 'refresh':
        connection.refresh();
        return;
      case 'redraw':
      case 'suspend':
      case 'appearance':
        this.arrange(effect);
        return;
      case 'save':
        this.save(effect.text);
        return;
      case 'copy':
        this.tell(this.copy());
        return;
      case 'quit':
        this.end({ code: 0 });
    }
  }

  private connectionOf(server = 0): AppConnection {
    return this.connections[server] ?? this.parts.connection;
  }

  private arrange(effect: Extract<Effect, { type: 'redraw' | 'suspend' | 'appearance' }>): void {
    if (effect.type === 'suspend') {
      this.session?.suspend();
      return;
    }
    if (effect.type === 'redraw') this.session?.redraw();
    else this.session?.dress(effect.appearance);
    this.painted = undefined;
  }

  private save(text: string): void {
    this.tell(this.parts.save?.(text));
  }

  /** Asks the terminal to take the marked line into the clipboard; no terminal answers. */
  private copy(): Result<string, string> | undefined {
    const copied = this.parts.copied?.(this.model);
    if (copied?.ok !== true) return copied;
    const sent = this.session?.copy(copied.value.text) === true;
    return sent
      ? ok(`copied ${copied.value.what}, if the terminal lets programs copy (OSC 52)`)
      : err('this is too much to copy at once: 100 KB is the most');
  }

  private tell(outcome: Result<string, string> | undefined): void {
    if (outcome === undefined) return;
    const text = outcome.ok ? outcome.value : outcome.error;
    this.dispatch({ type: 'told', at: this.parts.clock.now(), text });
  }

  private steer(effect: Steering): void {
    const { replay } = this.parts;
    if (effect.type === 'hold') replay?.hold(effect.held);
    else if (effect.type === 'seek') replay?.seek(effect.to);
    else replay?.setSpeed(effect.speed);
  }

  /** Sends a command; its reply and its outcome are messages under its id. */
  private async command(id: number, command: Command, server = 0): Promise<void> {
    const tell = (type: 'reply' | 'outcome', answer: Outcome): void => {
      if (this.isOver()) return;
      const at = this.parts.clock.now();
      this.dispatch({ type: 'client', event: { type, at, id, ...answer }, server });
    };
    try {
      const { message, outcome } = await this.connectionOf(server).command(command, {
        onProgress: (text) => {
          if (this.isOver()) return;
          const event = {
            type: 'progress',
            at: this.parts.clock.now(),
            id,
            message: text,
          } as const;
          this.dispatch({ type: 'client', event, server });
        },
      });
      tell('reply', { ok: true, code: 'accepted', message });
      tell('outcome', await outcome);
    } catch (error) {
      const refusal = error instanceof StatsError ? error.refusal : null;
      tell('reply', { ok: false, code: refusal ?? 'failed', message: messageOf(error) });
    }
  }

  private paint(): void {
    this.painted = this.model;
    this.frame = this.parts.view(this.model);
    this.session?.paint(this.frame);
    this.catchUpSoon();
    this.release();
  }

  /** After the bytes of the picture went out, and keys that came meanwhile. */
  private catchUpSoon(): void {
    const { catchUp, clock } = this.parts;
    if (catchUp === undefined) return;
    clock.after(0, () => {
      this.guarded(() => {
        if (!this.isOver()) catchUp(this.model);
      });
    });
  }

  /** Time passes: by itself, or with a document, so that one frame shows both. */
  private tick(by: 'itself' | 'document' = 'itself'): void {
    const { clock, tickMs, quietMs } = this.parts;
    this.cancelTick?.();
    this.dispatch({ type: 'tick', at: clock.now(), wallMs: clock.wallMs() });
    if (this.isOver()) return;
    const usual = tickMs?.(this.model) ?? TICK_MS;
    const wanted = by === 'document' ? (quietMs?.(this.model) ?? usual) : usual;
    const ms = Math.max(SHORTEST_TICK_MS, wanted);
    this.cancelTick = clock.after(ms, () => {
      this.guarded(() => {
        this.tick();
      });
    });
  }

  private hear(event: InputEvent): void {
    const at = this.parts.clock.now();
    if (event.type === 'press') this.click(event.x, event.y);
    else if (event.type === 'wheel') this.dispatch({ ...event, at });
    else if (event.type === 'paste') this.dispatch({ type: 'paste', at, text: event.text });
    // These two get out whatever the model thinks, as they would without raw mode.
    else if (event.key === 'ctrl-c') this.end({ code: 0 });
    else if (event.key === 'ctrl-\\') this.end(signalEnding('SIGQUIT'));
    else this.dispatch({ type: 'key', at, key: event.key });
  }

  private click(x: number, y: number): void {
    const target = this.frame === undefined ? null : targetAt(this.frame, x, y);
    if (target === null) return;
    this.dispatch({ type: 'click', at: this.parts.clock.now(), target });
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.end({
        code: 1,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }

  private end(ending: Ending): void {
    if (this.isOver()) return;
    this.state = 'over';
    this.pace.cancel();
    this.cancelTick?.();
    try {
      this.session?.close();
      for (const connection of this.connections) connection.close();
    } finally {
      this.release();
      this.settle(ending);
    }
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
