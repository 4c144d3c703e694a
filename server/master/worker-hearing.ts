import type { WorkerFrame } from '../wire/frames.js';
import type { HarakiriFrame } from '../wire/harakiri-frames.js';
import type { Sample } from '../wire/sample-frames.js';
import type { MasterEvent } from './decide/events.js';
import type { HarakiriReport } from './decide/harakiri-report.js';
import type { Registry } from './decide/registry.js';
import { type MasterState, slotOf } from './decide/state.js';
import type { Oversight } from './oversight.js';
import { isAnswer, type Questions } from './questions.js';
import type { ProcessEnd, SpawnListener } from './spawner.js';

/** What is done with what workers tell. */
export interface HearingParts {
  readonly state: () => MasterState;
  readonly post: (event: MasterEvent) => void;
  readonly registry: Registry;
  readonly oversight: Oversight;
  readonly questions: Questions;
}

/**
 * Turns what the processes of workers tell, and how they end, into events, entries in the books and
 * answers to questions. Who is no worker any more is not heard.
 */
export class WorkerHearing implements SpawnListener {
  readonly #parts: HearingParts;
  /** The last lines of stderr of each process. */
  readonly #stderr = new Map<number, readonly string[]>();
  /** What workers have told of the files they loaded, under --auto-reload. */
  readonly #files = new Set<string>();
  #onFiles: (files: readonly string[]) => void = () => undefined;

  constructor(parts: HearingParts) {
    this.#parts = parts;
  }

  /**
   * Gives the files that the application was loaded from to `listener`, as workers tell them: at
   * once those that they have told already, as they do while an old master still serves.
   */
  onModuleFiles(listener: (files: readonly string[]) => void): void {
    this.#onFiles = listener;
    listener([...this.#files]);
  }

  frame(pid: number, frame: Exclude<WorkerFrame, Sample>): void {
    const { state, post, oversight, questions } = this.#parts;
    if (slotOf(state(), pid) === undefined) return;
    oversight.heard(pid);
    if (isAnswer(frame)) {
      questions.answer(pid, frame);
      return;
    }
    switch (frame.type) {
      case 'ready':
        post({ type: 'ready', pid, app: frame.app, loadedInMs: frame.loadedInMs });
        oversight.anew();
        break;
      case 'fault':
        post({ type: 'fault', pid });
        break;
      case 'signal':
        post({ type: 'signalled', pid, signal: frame.signal });
        break;
      case 'harakiri':
        post({ type: 'harakiri', pid, report: this.#reportOf(pid, frame) });
        break;
      case 'stderr':
        this.#stderr.set(pid, frame.lines);
        break;
      case 'files':
        for (const file of frame.files) this.#files.add(file);
        this.#onFiles(frame.files);
        break;
      case 'same':
        break;
    }
  }

  sample(pid: number, read: () => Sample | null): void {
    const { state, registry, oversight } = this.#parts;
    const slot = slotOf(state(), pid);
    if (slot === undefined) return;
    oversight.heard(pid);
    registry.defer(slot.id, pid, read);
  }

  exited(pid: number, how: ProcessEnd, tally: Sample | null): void {
    const { state, post, registry, oversight, questions } = this.#parts;
    const slot = slotOf(state(), pid);
    if (slot !== undefined) registry.retire(slot.id, pid, tally);
    oversight.gone(pid);
    questions.gone(pid);
    post({ type: 'exited', pid, ...how, stderr: this.#stderr.get(pid) ?? [] });
    this.#stderr.delete(pid);
  }

  failed(worker: number, message: string): void {
    this.#parts.post({ type: 'spawn-failed', worker, message });
  }

  #reportOf(pid: number, frame: HarakiriFrame): HarakiriReport {
    const { registry, oversight } = this.#parts;
    const { measuring, wanted } = oversight;
    wanted();
    return {
      ...frame,
      flights: registry.sample(pid)?.flights ?? [],
      wallMs: Date.now(),
      rss: measuring.process(pid)?.rss ?? 0,
      listenQueue: measuring.listenQueue(),
    };
  }
}
