import type { ChildProcess } from 'node:child_process';
import type { Problem } from '../../shared/problem.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { LevelledLog, Severity } from '../log.js';
import type { LineOrigin, LogBlock } from './block.js';
import { type ChildOrigin, collect } from './collect.js';
import { createDresser, type Dresser } from './dress.js';
import { createDropWatch, type DropNews, type DropWatch } from './drop-watch.js';
import { countLines } from './line-cutter.js';
import type { LoggerSpec } from './logger-spec.js';
import { openSink } from './open-sink.js';
import type { LoggingSettings } from './settings.js';
import { createSinkSet, type SinkSet, type WantedSink } from './sink-set.js';
import type { SinkCounts } from './sinks/sink.js';

/** The log of an instance, which its master writes as long as its settings want that. */
export interface Logs {
  /** Whether a child that is started now has pipes for `collect`; else it writes to stderr itself. */
  readonly isCollecting: boolean;
  /**
   * Reads what a child writes, whose `stdio` 1, 2 and `requestsAt` are pipes, and settles when it is
   * read to its end: at once where it has none.
   */
  collect(child: ChildProcess, origin: ChildOrigin, requestsAt: number | null): Promise<void>;
  /** Opens what is to be opened after root was given up. */
  openLate(): Result<null, Problem>;
  /**
   * Takes other settings for the lines that come from now on; null: processes that are started from now
   * on write to standard error themselves. What cannot be opened changes nothing.
   */
  apply(settings: LoggingSettings | null): Result<null, Problem>;
  reopen(): void;
  rotate(): void;
  /** To be called for each reload of all workers. */
  reloaded(): void;
  /** What became of the lines, for each logger. */
  counts(): readonly (SinkCounts & { readonly name: string })[];
  /** Is told when a logger begins to drop lines, and when it takes them again; one listener. */
  onDrops(listener: (news: DropNews) => void): void;
  /** Writes what waits, as far as that goes soon. */
  close(): Promise<void>;
}

/** Before the late loggers are open so many blocks are kept for them. */
const MOST_EARLY = 1000;

/** What holds of processes that still have pipes when nothing is to be collected any more. */
const TO_STDERR: LoggingSettings = {
  ...{ loggers: [{ kind: 'stdio' }], late: [], requestLoggers: null },
  dress: { json: false, prefix: null, date: null },
  files: { maxSize: null, backupName: null, mode: null, owner: null },
  ...{ truncate: false, reopenOnReload: false },
};

/**
 * Opens all loggers but the late ones, and sends the lines of `log` there too, as soon as there are
 * settings. Errors among them are written to `stderr` as well where no logger does that: whoever starts
 * an instance sees why it ends, and what is wrong with a logger is not told to that logger alone.
 */
export function openLogs(
  settings: LoggingSettings | null,
  log: LevelledLog,
  stderr: NodeJS.WriteStream,
): Result<Logs, Problem> {
  const logs = new OpenLogs(log, stderr);
  const opened = logs.start(settings);
  return opened.ok ? ok(logs) : opened;
}

class OpenLogs implements Logs {
  readonly #log: LevelledLog;
  readonly #stderr: NodeJS.WriteStream;
  readonly #general: SinkSet;
  readonly #requests: SinkSet;
  #settings: LoggingSettings | null = null;
  #dress: Dresser | null = null;
  /** Whether a file is emptied that is opened now. */
  #truncates = false;
  /** What the late loggers are to have, until they are open. */
  #early: LogBlock[] | null = null;
  #isRedirected = false;
  #tellDrops: (news: DropNews) => void = () => undefined;
  readonly #generalDrops = this.#watchDrops();
  readonly #requestDrops = this.#watchDrops();

  constructor(log: LevelledLog, stderr: NodeJS.WriteStream) {
    this.#log = log;
    this.#stderr = stderr;
    const tell = (line: string, severity: Severity): void => {
      // Later: a sink tells in the middle of its work, and the line is written to it too.
      queueMicrotask(() => {
        log(line, severity);
      });
    };
    const open = ({ spec, files }: WantedSink) =>
      openSink(spec, { files, stderr, tell, truncate: this.#truncates });
    this.#general = createSinkSet(open);
    this.#requests = createSinkSet(open);
  }

  get isCollecting(): boolean {
    return this.#settings !== null;
  }

  start(settings: LoggingSettings | null): Result<null, Problem> {
    if (settings === null) return ok(null);
    this.#truncates = settings.truncate;
    if (settings.late.length > 0) this.#early = [];
    return this.apply(settings);
  }

  apply(settings: LoggingSettings | null): Result<null, Problem> {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return ok(null);
    const { loggers, late, requestLoggers, dress, files } = settings ?? TO_STDERR;
    const general = this.#general.exchange(
      wanted(this.#early === null ? [...loggers, ...late] : loggers, files),
    );
    if (!general.ok) return err(general.error);
    const requests = this.#requests.exchange(wanted(requestLoggers ?? [], files));
    if (!requests.ok) {
      general.value.cancel();
      return err(requests.error);
    }
    general.value.commit();
    requests.value.commit();
    this.#settings = settings;
    if (this.#early === null) this.#truncates = false;
    this.#dress = createDresser(dress);
    this.#redirect();
    return ok(null);
  }

  collect(child: ChildProcess, origin: ChildOrigin, requestsAt: number | null): Promise<void> {
    return collect(child, origin, requestsAt, (block, from) => {
      if (from.stream === null) this.#takeRequests(block);
      else this.#take(block, from, 'info');
    });
  }

  openLate(): Result<null, Problem> {
    const early = this.#early;
    if (early === null || this.#settings === null) return ok(null);
    const { loggers, late, files } = this.#settings;
    const all = this.#general.exchange(wanted([...loggers, ...late], files));
    this.#truncates = false;
    if (!all.ok) return err(all.error);
    this.#early = null;
    for (const block of early) for (const sink of all.value.opened) sink.write(block);
    all.value.commit();
    return ok(null);
  }

  reopen(): void {
    for (const sink of this.#sinks()) sink.reopen();
  }

  rotate(): void {
    for (const sink of this.#sinks()) sink.rotate();
  }

  reloaded(): void {
    if (this.#settings?.reopenOnReload === true) this.reopen();
  }

  counts(): readonly (SinkCounts & { readonly name: string })[] {
    return this.isCollecting ? [...this.#general.counts(), ...this.#requests.counts()] : [];
  }

  onDrops(listener: (news: DropNews) => void): void {
    this.#tellDrops = listener;
  }

  async close(): Promise<void> {
    await Promise.all(this.#sinks().map((sink) => sink.close()));
  }

  #sinks() {
    return [...this.#general.sinks, ...this.#requests.sinks];
  }

  /** From the first settings on the master's own lines go where those of its processes go. */
  #redirect(): void {
    if (this.#isRedirected) return;
    this.#isRedirected = true;
    this.#log.redirect((line, severity) => {
      this.#say(line, severity);
      if (severity === 'error' && !this.#hasStderr()) this.#stderr.write(`${line}\n`);
    });
  }

  /** What is heard of drops may write lines: later, not in the midst of one. */
  #watchDrops(): DropWatch {
    return createDropWatch(
      (news) => {
        queueMicrotask(() => {
          this.#tellDrops(news);
        });
      },
      () => performance.now(),
    );
  }

  #hasStderr(): boolean {
    const { loggers } = this.#settings ?? TO_STDERR;
    return loggers.some((spec) => spec.kind === 'stdio' || (spec.kind === 'fd' && spec.fd === 2));
  }

  /** A line of the master itself. */
  #say(line: string, severity: Severity): void {
    const origin = { process: 'master', id: null, pid: process.pid, stream: null } as const;
    this.#take(Buffer.from(`${line}\n`), origin, severity);
  }

  #take(block: Buffer, origin: LineOrigin, severity: Severity): void {
    const at = Date.now();
    const data = this.#dress?.(block, origin, { severity, at }) ?? block;
    this.#write({ data, lines: countLines(data), severity, at });
  }

  /** They say themselves when and who. */
  #takeRequests(data: Buffer): void {
    const block: LogBlock = { data, lines: countLines(data), severity: 'info', at: Date.now() };
    if (this.#requests.sinks.length === 0) this.#write(block);
    else give(this.#requests, block, this.#requestDrops);
  }

  #write(block: LogBlock): void {
    give(this.#general, block, this.#generalDrops);
    if (this.#early !== null && this.#early.length < MOST_EARLY) this.#early.push(block);
  }
}

function give(set: SinkSet, block: LogBlock, drops: DropWatch): void {
  set.write(block);
  for (const sink of set.sinks) drops.look(sink.name, sink.counts());
}

function wanted(specs: readonly LoggerSpec[], files: WantedSink['files']): readonly WantedSink[] {
  return specs.map((spec) => ({ spec, files }));
}
