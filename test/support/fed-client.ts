import type { Command } from '../../shared/commands.js';
import type { DecodedWorker } from '../../shared/stats.js';
import type { StatsClient } from '../../top/client/client.js';
import type { ClientEvent } from '../../top/model/client-event.js';

/** A client that is fed by hand, and writes down what is asked of it. */
export class FedClient implements StatsClient {
  readonly asked: Command[] = [];
  readonly intervals: number[] = [];
  closed = false;
  tell: (event: ClientEvent) => void = () => undefined;
  answer: (id: number, command: Command) => void = () => undefined;
  #isStarted: () => void = () => undefined;
  readonly started = new Promise<void>((resolve) => (this.#isStarted = resolve));

  start(onEvent: (event: ClientEvent) => void): void {
    this.tell = onEvent;
    this.#isStarted();
  }
  setInterval(ms: number): void {
    this.intervals.push(ms);
  }
  refresh(): void {
    throw new Error('not asked for');
  }
  command(id: number, command: Command): void {
    this.asked.push(command);
    this.answer(id, command);
  }
  close(): void {
    this.closed = true;
    this.tell = () => undefined;
  }

  show(...workers: DecodedWorker[]): void {
    const document = { kind: 'instance', instance: { workers }, damaged: false } as const;
    this.tell({ type: 'document', at: 0, transport: 'live', document });
  }
  control(reason: string | null): void {
    const control =
      reason === null ? { available: true as const } : { available: false as const, reason };
    this.tell({ type: 'control', at: 0, control });
  }
  reply(id: number, good: boolean, message: string): void {
    const code = good ? 'accepted' : 'gone';
    this.tell({ type: 'reply', at: 0, id, ok: good, code, message });
  }
  outcome(id: number, good: boolean, message: string, problems?: readonly string[]): void {
    const code = good ? 'done' : 'failed';
    const why = problems === undefined ? {} : { problems };
    this.tell({ type: 'outcome', at: 0, id, ok: good, code, message, ...why });
  }
  lose(message: string): void {
    this.tell({ type: 'disconnected', at: 0, message, retryInMs: 250 });
  }
}
