import type { Command, ReloadMode, WorkerIdentity } from '../../../shared/commands.js';
import type { ReplyCode } from '../../../shared/protocol.js';
import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import type { DecodedInstance } from '../../../shared/stats.js';
import type { ControlState } from '../../model/client-event.js';
import type { Clock } from '../clock.js';
import type { CommandAnswer } from '../pending-commands.js';
import type { Peer } from './listeners.js';
import { fifoProblem, writeLetters } from './master-fifo.js';
import { readStat } from './process-stat.js';
import { type Master, proveMaster } from './prove-master.js';
import { tooEarlyForChain } from './chain-reload.js';
import {
  isKnown,
  isPaused,
  running,
  type Sighting,
  sightingOf,
  type UwsgiCommand,
} from './sightings.js';

/** How long what was done is looked out for, in milliseconds. */
const SEEN_WITHIN = { scale: 30_000, pause: 30_000, worker: 140_000, reload: 890_000 } as const;
/** How long a proof is believed, or its failure, while nothing is sent: before a signal it is made anew. */
const BELIEVED_MS = { proof: 10_000, failure: 1000 } as const;

const FIFO_ONLY = 'needs master-fifo in uWSGI, and --fifo PATH';

export interface SteeringParts {
  /** `--fifo`. */
  readonly fifo: string | undefined;
  readonly clock: Clock;
  readonly tell: (answer: CommandAnswer) => void;
  /** Where the kernel tells of processes. */
  readonly proc?: string;
  readonly signal?: (pid: number, signal: NodeJS.Signals) => void;
}

interface Refused {
  readonly code: ReplyCode;
  readonly message: string;
}

interface Open {
  readonly id: number;
  readonly seen: Sighting;
  readonly cancel: () => void;
}

/** What was found out about the master of a pid, and until when that counts. */
interface Believed {
  readonly pid: number | undefined;
  readonly until: number;
  readonly value: Result<Master, string>;
}

/** A document, and where it came from. */
interface Sight {
  readonly instance: DecodedInstance;
  readonly peer: Peer | null;
}

/**
 * Steers a real uWSGI, whose stats socket takes no commands: by letters in its master FIFO, or by
 * signals to processes that are proven to be the ones the document speaks of.
 */
export class UwsgiSteering {
  readonly #parts: SteeringParts;
  readonly #proc: string;
  readonly #signal: (pid: number, signal: NodeJS.Signals) => void;
  #open: Open[] = [];
  #sight: Sight | null = null;
  #proof: Believed | null = null;

  constructor(parts: SteeringParts) {
    this.#parts = parts;
    this.#proc = parts.proc ?? '/proc';
    this.#signal = parts.signal ?? ((pid, signal) => process.kill(pid, signal));
  }

  /** Takes note of a document: what was done before may be seen in it. Tells what can be done. */
  async look(instance: DecodedInstance, peer: Peer | null): Promise<ControlState> {
    this.#sight = { instance, peer };
    for (const open of [...this.#open]) {
      const message = open.seen(instance);
      if (message !== null) this.#settle(open, true, message);
    }
    const { fifo } = this.#parts;
    const broken = fifo === undefined ? null : await fifoProblem(fifo);
    const master = await this.#believed(this.#sight);
    if (fifo !== undefined && broken === null) {
      return master.ok
        ? { available: true }
        : { available: true, limits: { worker: master.error } };
    }
    if (!master.ok) return { available: false, reason: broken ?? master.error };
    const reason = broken ?? FIFO_ONLY;
    return { available: true, limits: { chain: reason, brutal: reason, scale: reason } };
  }

  /** Carries a command out; its reply and its outcome are told under its id. */
  async command(id: number, command: Command): Promise<void> {
    const sight = this.#sight;
    const { tell } = this.#parts;
    if (sight === null || !isKnown(command)) {
      const message = `a uWSGI knows no ${command.name}`;
      tell({ type: 'reply', id, ok: false, code: 'bad-message', message });
      return;
    }
    const done = await this.#order(command, sight);
    if (!done.ok) {
      tell({ type: 'reply', id, ok: false, ...done.error });
      return;
    }
    tell({ type: 'reply', id, ok: true, code: 'accepted', message: done.value });
    this.#watch(id, command, sightingOf(command, sight.instance));
  }

  /** Ends all waiting; nothing is told any more. */
  close(): void {
    for (const { cancel } of this.#open) cancel();
    this.#open = [];
  }

  #watch(id: number, command: UwsgiCommand, seen: Sighting): void {
    const limit =
      command.name === 'reload' || command.name === 'scale' || command.name === 'pause'
        ? SEEN_WITHIN[command.name]
        : SEEN_WITHIN.worker;
    const hint = command.name === 'scale' ? ': + and - count with cheaper only' : '';
    const open: Open = {
      id,
      seen,
      cancel: this.#parts.clock.after(limit, () => {
        this.#settle(open, false, `nothing was seen of it in ${limit / 1000} s${hint}`);
      }),
    };
    this.#open.push(open);
  }

  #settle(open: Open, isDone: boolean, message: string): void {
    open.cancel();
    this.#open = this.#open.filter((each) => each !== open);
    const code = isDone ? 'done' : 'failed';
    this.#parts.tell({ type: 'outcome', id: open.id, ok: isDone, code, message });
  }

  async #order(command: UwsgiCommand, sight: Sight): Promise<Result<string, Refused>> {
    switch (command.name) {
      case 'reload':
        return this.#reload(command.how ?? 'rolling', sight);
      case 'reload-worker':
        return this.#toWorker(command, 'SIGHUP', sight);
      case 'kill-worker':
        return this.#toWorker(command, `SIG${command.signal}`, sight);
      case 'scale': {
        const more = command.workers - running(sight.instance).length;
        return this.#write((more > 0 ? '+' : '-').repeat(Math.abs(more)));
      }
      case 'pause':
        // The letter turns a pause on and off.
        return this.#write(isPaused(sight.instance) === command.paused ? '' : 'p');
    }
  }

  async #reload(how: ReloadMode, sight: Sight): Promise<Result<string, Refused>> {
    // Without a FIFO it cannot be told at all, and that is said first.
    const isChain = how === 'chain' && this.#parts.fifo !== undefined;
    const early = isChain ? tooEarlyForChain(sight.instance) : null;
    if (early !== null) return refused('failed', early);
    const isBySignal = this.#parts.fifo === undefined && how === 'rolling';
    return isBySignal
      ? this.#toMaster(sight)
      : this.#write({ rolling: 'r', chain: 'c', brutal: 'R' }[how]);
  }

  async #write(letters: string): Promise<Result<string, Refused>> {
    const { fifo, clock } = this.#parts;
    if (fifo === undefined) return refused('not-configured', FIFO_ONLY);
    if (letters === '') return ok('it is so already');
    const written = await writeLetters(fifo, letters, clock);
    return written.ok ? ok(`${letters} written to ${fifo}`) : refused('failed', written.error);
  }

  async #toMaster(sight: Sight): Promise<Result<string, Refused>> {
    const master = await this.#prove(sight);
    if (!master.ok) return refused('failed', `${master.error}; nothing was sent`);
    const { pid, started } = master.value;
    return this.#send({ pid, started, parent: null }, 'SIGHUP');
  }

  async #toWorker(
    { worker, pid, spawned }: WorkerIdentity,
    signal: NodeJS.Signals,
    sight: Sight,
  ): Promise<Result<string, Refused>> {
    const named = (each: Sight): boolean =>
      each.instance.workers.some(
        (found) => found.id === worker && found.pid === pid && (found.last_spawn ?? 0) === spawned,
      );
    const before = readStat(this.#proc, pid);
    const master = await this.#prove(sight);
    if (!master.ok) return refused('failed', `${master.error}; nothing was sent`);
    const newest = this.#sight;
    if (before === null || newest === null || !named(newest)) {
      return refused('gone', `pid ${pid} is not worker ${worker} any more: nothing was sent`);
    }
    return this.#send({ pid, started: before.started, parent: master.value.pid }, signal);
  }

  /** Looks once more and sends, without a pause between the two. */
  #send(
    to: { readonly pid: number; readonly started: string; readonly parent: number | null },
    signal: NodeJS.Signals,
  ): Result<string, Refused> {
    const now = readStat(this.#proc, to.pid);
    if (now?.started !== to.started || (to.parent !== null && now.parent !== to.parent)) {
      return refused('gone', `pid ${to.pid} is another process by now: nothing was sent`);
    }
    try {
      this.#signal(to.pid, signal);
      return ok(`${signal} sent to pid ${to.pid}`);
    } catch (error) {
      return refused('failed', `${signal} to pid ${to.pid}: ${messageOf(error)}`);
    }
  }

  /** The proof for what is shown: made anew when a process changed, or it has become old. */
  async #believed(sight: Sight): Promise<Result<Master, string>> {
    const { clock } = this.#parts;
    const { pid } = sight.instance;
    if (this.#proof !== null && this.#proof.pid === pid && clock.now() < this.#proof.until) {
      const { value } = this.#proof;
      if (!value.ok || readStat(this.#proc, value.value.pid)?.started === value.value.started) {
        return value;
      }
    }
    const value = await this.#prove(sight);
    this.#proof = { pid, until: clock.now() + BELIEVED_MS[value.ok ? 'proof' : 'failure'], value };
    return value;
  }

  async #prove({ instance, peer }: Sight): Promise<Result<Master, string>> {
    const workers = instance.workers.map(({ pid }) => pid).filter((pid) => pid > 1);
    return proveMaster(peer, { master: instance.pid ?? 0, workers }, this.#proc);
  }
}

function refused(code: ReplyCode, message: string): Result<string, Refused> {
  return err({ code, message });
}
