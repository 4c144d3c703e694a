import { closeSync, write } from 'node:fs';
import type { Problem } from '../../../shared/problem.js';
import { messageOf, ok, type Result } from '../../../shared/result.js';
import type { LogBlock } from '../block.js';
import { type FileSettings, moveAway, openLogFile, sizeOf } from './log-file.js';
import { createOutbox, type Outbox } from './outbox.js';
import { PARTING_MS, type Sink, type SinkCounts, type Tell } from './sink.js';

/**
 * A file that could not be rotated is not tried again sooner by itself: what is said of it is written to
 * the file that is full already.
 */
const ROTATE_AGAIN_MS = 10_000;
/** How long to wait after a write that failed: for room, or for the reader of a FIFO. */
const AGAIN_MS = 500;
const SOON_MS = 20;

const NEWLINE = 0x0a;

/** Opens the file of a `file:` logger or of `--logto`; the error names it and what helps. */
export function openFileSink(
  name: string,
  file: FileSettings,
  { truncate, tell, clock = monotonic }: OpenFileOptions,
): Result<Sink, Problem> {
  const opened = openLogFile(file, truncate);
  return opened.ok ? ok(new FileSink({ name, fd: opened.value, file, tell, clock })) : opened;
}

/** A sink on a descriptor that somebody else opened: it is never closed nor rotated. */
export function descriptorSink(name: string, fd: number, tell: Tell): Sink {
  return new FileSink({ name, fd, file: null, tell, clock: monotonic });
}

interface OpenFileOptions {
  readonly truncate: boolean;
  readonly tell: Tell;
  /** Milliseconds that never go back. */
  readonly clock?: () => number;
}

const monotonic = (): number => performance.now();

interface FileParts {
  readonly name: string;
  readonly fd: number;
  readonly file: FileSettings | null;
  readonly tell: Tell;
  readonly clock: () => number;
}

/**
 * Writes in the thread pool, one write at a time, so that a slow disk stops nothing. What a full
 * disk does not take waits and is tried again; what comes when too much waits is dropped. A file is
 * changed for another only between two lines.
 */
class FileSink implements Sink {
  readonly name: string;
  readonly #file: FileSettings | null;
  readonly #tell: Tell;
  readonly #box: Outbox = createOutbox();
  #fd: number;
  #size: number;
  /** How far the bytes on top of the box are written. */
  #offset = 0;
  #isWriting = false;
  #isFailing = false;
  #isReleased = false;
  #retry: NodeJS.Timeout | null = null;
  readonly #clock: () => number;
  /** When a full file is tried to be rotated again; null: the last time it could be. */
  #rotateAt: number | null = null;
  #wanted: 'reopen' | 'rotate' | null = null;
  #onIdle: (() => void) | null = null;

  constructor({ name, fd, file, tell, clock }: FileParts) {
    this.name = name;
    this.#file = file;
    this.#tell = tell;
    this.#fd = fd;
    this.#clock = clock;
    this.#size = sizeOf(fd);
  }

  write({ data, lines }: LogBlock): void {
    this.#box.put(data, lines);
    this.#pump();
  }

  counts(): SinkCounts {
    return this.#box.counts();
  }

  reopen(): void {
    this.#want('reopen');
  }

  rotate(): void {
    this.#want('rotate');
  }

  async close(): Promise<void> {
    if (!this.#box.isEmpty && !this.#isFailing) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        setTimeout(resolve, PARTING_MS).unref();
      });
    }
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#box.abandon();
    const dropped = this.#box.takeDropped();
    if (dropped > 0) this.#tell(`${this.name}: ${dropped} lines were dropped at the end`, 'error');
  }

  release(): void {
    if (this.#file === null) return;
    // What is being written has this descriptor: it is closed behind it.
    if (this.#isWriting) this.#isReleased = true;
    else closeSync(this.#fd);
  }

  #want(what: 'reopen' | 'rotate'): void {
    if (this.#file === null) return;
    this.#wanted = what;
    // Whoever asks may have made room.
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#pump();
  }

  #pump(): void {
    if (this.#isWriting || this.#retry !== null) return;
    const asked = this.#wanted;
    this.#wanted = null;
    if (asked !== null) this.#change(asked, true);
    else if (this.#isFull()) this.#change('rotate', false);
    const bytes = this.#box.next();
    if (bytes === null) {
      this.#onIdle?.();
      return;
    }
    this.#isWriting = true;
    write(this.#fd, bytes, this.#offset, bytes.length - this.#offset, null, (error, written) => {
      this.#isWriting = false;
      if (this.#isReleased) {
        closeSync(this.#fd);
        return;
      }
      if (error === null) this.#onWritten(bytes, written);
      else this.#onError(error);
    });
  }

  #onWritten(bytes: Buffer, written: number): void {
    this.#size += written;
    this.#offset += written;
    if (this.#offset >= bytes.length) {
      this.#offset = 0;
      this.#box.wrote();
      this.#recovered();
    }
    this.#pump();
  }

  #onError(error: NodeJS.ErrnoException): void {
    const isBusy = error.code === 'EAGAIN';
    if (!isBusy && !this.#isFailing) {
      this.#isFailing = true;
      this.#tell(
        `${this.name}: ${messageOf(error)}; what has no room is dropped and counted`,
        'error',
      );
    }
    this.#onIdle?.();
    this.#retry = setTimeout(
      () => {
        this.#retry = null;
        this.#pump();
      },
      isBusy ? SOON_MS : AGAIN_MS,
    ).unref();
  }

  #recovered(): void {
    const dropped = this.#box.takeDropped();
    if (dropped > 0) this.#tell(`${this.name}: ${dropped} lines were dropped`, 'error');
    if (this.#isFailing) this.#tell(`${this.name} is written again`, 'info');
    this.#isFailing = false;
  }

  #isFull(): boolean {
    const most = this.#file?.maxSize ?? null;
    if (most === null || this.#size < most || this.#offset > 0) return false;
    if (this.#rotateAt !== null && this.#clock() < this.#rotateAt) return false;
    // It may have been emptied meanwhile.
    this.#size = sizeOf(this.#fd);
    return this.#size >= most;
  }

  /**
   * Does what was asked for, or what a full file wants; a line that is half written is written whole to
   * the new file.
   */
  #change(what: 'reopen' | 'rotate', isAsked: boolean): void {
    const file = this.#file;
    if (file === null) return;
    const moved = what === 'rotate' ? moveAway(this.#fd, file, Date.now()) : ok(null);
    if (!moved.ok) {
      this.#stay(moved.error, isAsked);
      return;
    }
    const opened = openLogFile(file);
    if (!opened.ok) {
      this.#stay(`${opened.error}; the file that was open is written on`, isAsked);
      return;
    }
    closeSync(this.#fd);
    this.#fd = opened.value;
    this.#rotateAt = null;
    this.#size = sizeOf(this.#fd);
    this.#rewind();
    if (what === 'reopen') this.#tell(`${this.name} opened anew`, 'info');
    else if (moved.value !== null) this.#tell(`${this.name} rotated to ${moved.value}`, 'info');
  }

  /** The file stays as it is, which is said once until it works again, and to who asks for it. */
  #stay(problem: string, isAsked: boolean): void {
    if (isAsked || this.#rotateAt === null) this.#tell(problem, 'error');
    this.#rotateAt = this.#clock() + ROTATE_AGAIN_MS;
  }

  #rewind(): void {
    const bytes = this.#offset > 0 ? this.#box.next() : null;
    this.#offset = bytes === null ? 0 : bytes.lastIndexOf(NEWLINE, this.#offset - 1) + 1;
  }
}
