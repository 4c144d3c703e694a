import type { Problem } from '../../shared/problem.js';
import { ok, type Result } from '../../shared/result.js';
import type { LogBlock } from './block.js';
import type { LoggerSpec } from './logger-spec.js';
import type { FileSettings } from './sinks/log-file.js';
import type { Sink, SinkCounts } from './sinks/sink.js';

/** A logger that is wanted, with what holds of its file where it has one. */
export interface WantedSink {
  readonly spec: LoggerSpec;
  readonly files: Omit<FileSettings, 'path'>;
}

/** What is open for other loggers than before; nothing has changed yet. */
export interface Exchange {
  /** Those that were not open before. */
  readonly opened: readonly Sink[];
  commit(): void;
  /** Closes what was opened for it. */
  cancel(): void;
}

/** Where the lines of one kind go. */
export interface SinkSet {
  /** Opens what is wanted and not there; the error is that of the first that cannot be opened. */
  exchange(wanted: readonly WantedSink[]): Result<Exchange, Problem>;
  write(block: LogBlock): void;
  readonly sinks: readonly Sink[];
  /** What became of the lines, also of those that an earlier sink of the name had. */
  counts(): readonly (SinkCounts & { readonly name: string })[];
}

/** No sink is open at first. */
export function createSinkSet(open: (wanted: WantedSink) => Result<Sink, Problem>): SinkSet {
  return new OpenSinks(open);
}

class OpenSinks implements SinkSet {
  readonly #open: (wanted: WantedSink) => Result<Sink, Problem>;
  /** In the order in which they were named. */
  #sinks = new Map<string, Sink>();
  /** They still write what waits. */
  readonly #leaving = new Set<Sink>();
  /** What those had that are closed. */
  readonly #past = new Map<string, SinkCounts>();

  constructor(open: (wanted: WantedSink) => Result<Sink, Problem>) {
    this.#open = open;
  }

  get sinks(): readonly Sink[] {
    return [...this.#sinks.values()];
  }

  write(block: LogBlock): void {
    for (const sink of this.#sinks.values()) sink.write(block);
  }

  exchange(wanted: readonly WantedSink[]): Result<Exchange, Problem> {
    const next = new Map<string, Sink>();
    const opened: Sink[] = [];
    const cancel = (): void => {
      for (const sink of opened) release(sink);
    };
    for (const [key, one] of keyed(wanted)) {
      const there = this.#sinks.get(key);
      const sink = there === undefined ? this.#open(one) : ok(there);
      if (!sink.ok) {
        cancel();
        return sink;
      }
      if (there === undefined) opened.push(sink.value);
      next.set(key, sink.value);
    }
    return ok({
      ...{ opened, cancel },
      commit: () => {
        this.#commit(next);
      },
    });
  }

  counts(): readonly (SinkCounts & { readonly name: string })[] {
    return this.sinks.map((sink) => {
      const leaving = [...this.#leaving].filter(({ name }) => name === sink.name);
      const all = [sink, ...leaving].map((one) => one.counts());
      return { name: sink.name, ...all.reduce(sum, this.#past.get(sink.name) ?? NOTHING) };
    });
  }

  #commit(next: Map<string, Sink>): void {
    const before = this.sinks;
    const kept = new Set(next.values());
    this.#sinks = next;
    for (const sink of before) if (!kept.has(sink)) this.#retire(sink);
  }

  #retire(sink: Sink): void {
    this.#leaving.add(sink);
    void sink.close().then(() => {
      sink.release();
      this.#leaving.delete(sink);
      this.#past.set(sink.name, sum(this.#past.get(sink.name) ?? NOTHING, sink.counts()));
    });
  }
}

const NOTHING: SinkCounts = { lines: 0, bytes: 0, dropped: 0 };

function sum(one: SinkCounts, other: SinkCounts): SinkCounts {
  return {
    lines: one.lines + other.lines,
    bytes: one.bytes + other.bytes,
    dropped: one.dropped + other.dropped,
  };
}

/** The same logger may be wanted twice, as with `--logto a --logger file:a`. */
function keyed(wanted: readonly WantedSink[]): readonly (readonly [string, WantedSink])[] {
  const seen = new Map<string, number>();
  return wanted.map((one) => {
    const { spec, files } = one;
    const key = JSON.stringify(spec.kind === 'file' ? [spec, files] : [spec]);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return [`${key} ${times}`, one];
  });
}

function release(sink: Sink): void {
  void sink.close().then(() => {
    sink.release();
  });
}
