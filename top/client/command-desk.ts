import type { Command } from '../../shared/commands.js';
import type { ReplyCode } from '../../shared/protocol.js';
import { StatsError, type RefusalCode } from '../../shared/stats-error.js';
import type { ClientEvent, ControlState } from '../model/client-event.js';
import type { StatsClient } from './client.js';
import type { Clock } from './clock.js';

/** How an accepted command ended. */
export interface Outcome {
  readonly ok: boolean;
  readonly code: ReplyCode;
  /** One sentence or, of a traceback, several lines. */
  readonly message: string;
  /**
   * Of a reload that is done, but with the configuration from before: why the one that was read for
   * it does not hold. Absent where it does.
   */
  readonly problems?: readonly string[];
}

/** A command that the server accepted. */
export interface Accepted {
  /** What the server said to it. */
  readonly message: string;
  /**
   * How it ends: a reload takes until its last worker is new. It never rejects; when the connection
   * breaks before, `ok` is false and the message says that nobody knows.
   */
  readonly outcome: Promise<Outcome>;
}

/** What a command may be given besides. */
export interface CommandOptions {
  /** Is told how far a long command is, a sentence each time, until its outcome. */
  readonly onProgress?: (message: string) => void;
}

/** How long control may stay away, in milliseconds: an upgrade that was refused is tried again. */
const CONTROL_MS = 1500;
/** A server answers a command at once; after so many milliseconds it will not. */
const REPLY_MS = 10_000;

const UNKNOWN = 'the connection was closed, so it is not known whether this was done';

/** What a client tells about one command. */
export type CommandEvent = Extract<
  ClientEvent,
  { readonly type: 'reply' | 'progress' | 'outcome' }
>;

export function isCommandEvent(event: ClientEvent): event is CommandEvent {
  return event.type === 'reply' || event.type === 'progress' || event.type === 'outcome';
}

interface Open {
  accept(message: string): void;
  refuse(error: StatsError): void;
  settle(outcome: Outcome): void;
  readonly onProgress: ((message: string) => void) | undefined;
}

/** Sends commands once they can be sent, and gives each its reply and its outcome. */
export class CommandDesk {
  readonly #client: Pick<StatsClient, 'command'>;
  readonly #clock: Clock;
  readonly #open = new Map<number, Open>();
  readonly #waiting = new Set<() => void>();
  #control: { readonly state: ControlState; readonly at: number } | undefined;
  /** Why the server is out of reach now; null while it is not. */
  #lost: string | null = null;
  #end: StatsError | null = null;
  #last = 0;

  constructor(client: Pick<StatsClient, 'command'>, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Takes note of what the client tells. */
  hear(event: ClientEvent): void {
    switch (event.type) {
      case 'control':
        this.#control = { state: event.control, at: this.#clock.now() };
        break;
      case 'disconnected':
        this.#lost = event.message;
        break;
      case 'document':
        this.#lost = null;
        break;
      case 'progress':
        this.#open.get(event.id)?.onProgress?.(event.message);
        return;
      case 'reply':
      case 'outcome':
        this.#answer(event);
        return;
      case 'connecting':
      case 'problem':
        return;
    }
    for (const look of [...this.#waiting]) look();
  }

  /** See `StatsConnection.command`. */
  async command(command: Command, { onProgress }: CommandOptions = {}): Promise<Accepted> {
    await this.#controlled();
    const id = ++this.#last;
    let settle: (outcome: Outcome) => void = () => undefined;
    const outcome = new Promise<Outcome>((resolve) => (settle = resolve));
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(REPLY_MS, () => {
        this.#open.delete(id);
        reject(new StatsError('failed', 'the server did not answer'));
      });
      this.#open.set(id, {
        settle,
        onProgress,
        accept: (message) => {
          cancel();
          resolve({ message, outcome });
        },
        refuse: (error) => {
          cancel();
          reject(error);
        },
      });
      this.#client.command(id, command);
    });
  }

  /** Refuses what waits and settles what was accepted. */
  end(error: StatsError): void {
    this.#end = error;
    for (const look of [...this.#waiting]) look();
    for (const open of this.#open.values()) {
      open.refuse(error);
      open.settle({ ok: false, code: 'failed', message: UNKNOWN });
    }
    this.#open.clear();
  }

  #answer(event: Exclude<CommandEvent, { type: 'progress' }>): void {
    const { type, id, ok, code, message, problems } = event;
    const open = this.#open.get(id);
    if (open === undefined) return;
    if (type === 'reply' && ok) {
      open.accept(message);
      return;
    }
    this.#open.delete(id);
    if (type === 'outcome') {
      // What has an outcome was accepted, whether or not its reply was seen.
      open.accept('');
      open.settle({ ok, code, message, ...(problems === undefined ? {} : { problems }) });
      return;
    }
    // A refusal under a code of success is not to be believed, but it is one.
    open.refuse(new StatsError(isRefusal(code) ? code : 'failed', message));
  }

  /** Waits until commands can be sent, or it is clear that they cannot. */
  #controlled(): Promise<void> {
    return new Promise((resolve, reject) => {
      let cancel = (): void => undefined;
      const look = (): void => {
        cancel();
        const verdict = this.#verdict();
        if (typeof verdict === 'number') {
          cancel = Number.isFinite(verdict) ? this.#clock.after(verdict, look) : cancel;
          this.#waiting.add(look);
          return;
        }
        this.#waiting.delete(look);
        if (verdict === null) resolve();
        else reject(verdict);
      };
      look();
    });
  }

  /** Null: go ahead. A number: look again when something happened, or after so many milliseconds. */
  #verdict(): StatsError | number | null {
    if (this.#end !== null) return this.#end;
    if (this.#lost !== null) return new StatsError('unreachable', this.#lost);
    if (this.#control === undefined) return Infinity;
    const { state, at } = this.#control;
    if (state.available) return null;
    const left = at + CONTROL_MS - this.#clock.now();
    return left > 0 ? left : new StatsError('no-control', state.reason);
  }
}

function isRefusal(code: ReplyCode): code is RefusalCode {
  return code !== 'accepted' && code !== 'done';
}
