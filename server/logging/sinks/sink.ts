import type { Severity } from '../../log.js';
import type { LogBlock } from '../block.js';

/** Where lines end up. It takes every block at once and never makes anybody wait. */
export interface Sink {
  /** As it was asked for, such as `file:/var/log/app.log`. */
  readonly name: string;
  write(block: LogBlock): void;
  /** Lines that were handed to the system or sent, and those that had no room. */
  counts(): SinkCounts;
  /** Opens its file anew, where it is one: who moved it away wants a new one. */
  reopen(): void;
  /** Moves its file away and begins a new one. */
  rotate(): void;
  /** Writes what waits, as far as that goes soon. */
  close(): Promise<void>;
  /** After `close`: gives its descriptor back. Nothing may be written to it from then on. */
  release(): void;
}

export interface SinkCounts {
  readonly lines: number;
  readonly bytes: number;
  readonly dropped: number;
}

/** Says something of a sink, where people look. */
export type Tell = (line: string, severity: Severity) => void;

/** Bytes that wait for a sink at most: what comes on top is dropped, and counted. */
export const MOST_WAITING = 8 * 1024 * 1024;

/** How long the end of the instance waits for a sink to take what is left, milliseconds. */
export const PARTING_MS = 2000;
