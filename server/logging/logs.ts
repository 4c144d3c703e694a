import type { ChildProcess } from 'node:child_process';
import { err, ok, type Result } from '../../shared/result.js';
import type { LevelledLog, Severity } from '../log.js';
import type { LineOrigin, LogBlock } from './block.js';
import { type ChildOrigin, collect } from './collect.js';
import { createDresser } from './dress.js';
import { countLines } from './line-cutter.js';
import type { LoggerSpec } from './logger-spec.js';
import { openSink } from './open-sink.js';
import type { LoggingSettings } from './settings.js';
import type { Sink, SinkCounts } from './sinks/sink.js';

/** The log of an instance whose master collects what its processes write. */
export interface Logs {
  /**
   * Reads what a child writes, whose `stdio` 1, 2 and `requestsAt` are pipes, and settles when it is
   * read to its end.
   */
  collect(child: ChildProcess, origin: ChildOrigin, requestsAt: number | null): Promise<void>;
  /** Opens what is to be opened after root was given up. */
  openLate(): Result<null, string>;
  reopen(): void;
  rotate(): void;
  /** To be called for each reload of all workers. */
  reloaded(): void;
  /** What became of the lines, for each logger. */
  counts(): readonly (SinkCounts & { readonly name: string })[];
  /** Writes what waits, as far as that goes soon. */
  close(): Promise<void>;
}

/** Before the late loggers are open so many blocks are kept for them. */
const MOST_EARLY = 1000;

/**
 * Opens all loggers but the late ones, and sends the lines of `log` there too. Errors among them are
 * written to `stderr` as well where no logger does that: whoever starts an instance sees why it ends,
 * and what is wrong with a logger is not told to that logger alone.
 */
export function openLogs(
  settings: LoggingSettings,
  log: LevelledLog,
  stderr: NodeJS.WriteStream,
): Result<Logs, string> {
  const hasStderr = settings.loggers.some(
    (spec) => spec.kind === 'stdio' || (spec.kind === 'fd' && spec.fd === 2),
  );
  const tell = (line: string, severity: Severity): void => {
    // Later: a sink tells in the middle of its work, and the line is written to it too.
    queueMicrotask(() => {
      log(line, severity);
    });
  };
  const open = (specs: readonly LoggerSpec[]): Result<Sink[], string> => {
    const sinks: Sink[] = [];
    for (const spec of specs) {
      const sink = openSink(spec, { ...settings, stderr, tell });
      if (!sink.ok) return err(sink.error);
      sinks.push(sink.value);
    }
    return ok(sinks);
  };
  const general = open(settings.loggers);
  if (!general.ok) return general;
  const requests = settings.requestLoggers === null ? null : open(settings.requestLoggers);
  if (requests?.ok === false) return requests;
  const logs = new OpenLogs(settings, general.value, requests?.value ?? null, () =>
    open(settings.late),
  );
  log.redirect((line, severity) => {
    logs.say(line, severity);
    if (!hasStderr && severity === 'error') stderr.write(`${line}\n`);
  });
  return ok(logs);
}

class OpenLogs implements Logs {
  readonly #settings: LoggingSettings;
  readonly #general: Sink[];
  readonly #requests: Sink[] | null;
  readonly #openLate: () => Result<Sink[], string>;
  readonly #dress: ReturnType<typeof createDresser>;
  #early: LogBlock[] | null;

  constructor(
    settings: LoggingSettings,
    general: Sink[],
    requests: Sink[] | null,
    late: () => Result<Sink[], string>,
  ) {
    this.#settings = settings;
    this.#general = general;
    this.#requests = requests;
    this.#openLate = late;
    this.#early = settings.late.length > 0 ? [] : null;
    this.#dress = createDresser(settings.dress);
  }

  /** A line of the master itself. */
  say(line: string, severity: Severity): void {
    const origin = { process: 'master', id: null, pid: process.pid, stream: null } as const;
    this.#take(Buffer.from(`${line}\n`), origin, severity);
  }

  collect(child: ChildProcess, origin: ChildOrigin, requestsAt: number | null): Promise<void> {
    return collect(child, origin, requestsAt, (block, from) => {
      if (from.stream === null) this.#takeRequests(block);
      else this.#take(block, from, 'info');
    });
  }

  openLate(): Result<null, string> {
    const opened = this.#openLate();
    if (!opened.ok) return opened;
    const early = this.#early ?? [];
    this.#early = null;
    for (const block of early) for (const sink of opened.value) sink.write(block);
    this.#general.push(...opened.value);
    return ok(null);
  }

  reopen(): void {
    for (const sink of this.#sinks()) sink.reopen();
  }

  rotate(): void {
    for (const sink of this.#sinks()) sink.rotate();
  }

  reloaded(): void {
    if (this.#settings.reopenOnReload) this.reopen();
  }

  counts(): readonly (SinkCounts & { readonly name: string })[] {
    return this.#sinks().map((sink) => ({ name: sink.name, ...sink.counts() }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#sinks().map((sink) => sink.close()));
  }

  #sinks(): readonly Sink[] {
    return [...this.#general, ...(this.#requests ?? [])];
  }

  #take(block: Buffer, origin: LineOrigin, severity: Severity): void {
    const at = Date.now();
    const data = this.#dress?.(block, origin, { severity, at }) ?? block;
    this.#write(this.#general, { data, lines: countLines(data), severity, at });
  }

  /** They say themselves when and who. */
  #takeRequests(data: Buffer): void {
    const block: LogBlock = { data, lines: countLines(data), severity: 'info', at: Date.now() };
    if (this.#requests === null) this.#write(this.#general, block);
    else for (const sink of this.#requests) sink.write(block);
  }

  #write(sinks: readonly Sink[], block: LogBlock): void {
    for (const sink of sinks) sink.write(block);
    if (this.#early !== null && this.#early.length < MOST_EARLY) this.#early.push(block);
  }
}
