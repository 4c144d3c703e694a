import type { ClientEvent } from '../model/client-event.js';
import type { Recorded } from '../model/recording.js';
import type { StatsClient } from './client.js';
import type { RecordingFile } from './recording-file.js';
import type { ReplayClock } from './replay-clock.js';

/** Longer waits overflow the timers of Node and would be over at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

const NO_CONTROL = 'this is a recording: nothing in it can be changed';

export interface ReplayOptions {
  /** As the user wrote it, for messages. */
  readonly file: string;
  readonly clock: ReplayClock;
  /** Called once, when every document has been told. */
  readonly onEnd: () => void;
}

/** A client whose server is a recording: it tells the same documents at the same distances. */
export class ReplayClient implements StatsClient {
  readonly #recording: RecordingFile;
  readonly #options: ReplayOptions;
  #onEvent: (event: ClientEvent) => void = () => undefined;
  #wake: () => void = () => undefined;
  #closed = false;
  /** How much of the recording has passed with the newest document: it never runs backwards. */
  #at = 0;

  constructor(recording: RecordingFile, options: ReplayOptions) {
    this.#recording = recording;
    this.#options = options;
  }

  start(onEvent: (event: ClientEvent) => void): void {
    this.#onEvent = onEvent;
    this.#options.clock.onChange(() => {
      this.#wake();
    });
    void this.#run();
  }

  /** The documents come as they were recorded, however often they are wanted now. */
  setInterval(): void {
    return undefined;
  }

  refresh(): void {
    return undefined;
  }

  command(id: number): void {
    const at = this.#options.clock.now();
    this.#onEvent({ type: 'reply', at, id, ok: false, code: 'read-only', message: NO_CONTROL });
  }

  close(): void {
    this.#closed = true;
    this.#onEvent = () => undefined;
    this.#wake();
  }

  async #run(): Promise<void> {
    const { clock, file } = this.#options;
    this.#onEvent({ type: 'connecting', at: this.#at });
    const control = { available: false, reason: NO_CONTROL } as const;
    this.#onEvent({ type: 'control', at: this.#at, control });
    this.#show(this.#recording.first);
    for await (const line of this.#recording.rest) {
      if (line.ok) {
        this.#at = Math.max(this.#at, line.value.wallMs - this.#recording.first.wallMs);
        await this.#reached(this.#at);
      }
      if (this.#closed) return;
      if (line.ok) this.#show(line.value);
      else this.#onEvent({ type: 'problem', at: this.#at, message: `${file}: ${line.error}` });
    }
    clock.stop();
    this.#options.onEnd();
    this.#onEvent({ type: 'problem', at: clock.now(), message: 'the recording has ended' });
  }

  #show({ document, stats, transport }: Recorded): void {
    this.#options.clock.reach(this.#at);
    this.#onEvent({ type: 'document', at: this.#at, transport, document, stats });
  }

  /** Waits until so much has passed, however often the speed changes meanwhile. */
  async #reached(ms: number): Promise<void> {
    const { clock } = this.#options;
    for (let left = clock.until(ms); left > 0 && !this.#closed; left = clock.until(ms)) {
      await this.#sleep(left);
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(Math.min(ms, LONGEST_WAIT_MS), () => {
        resolve();
      });
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
