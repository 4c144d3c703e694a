import type { Logged } from './logged.js';

/** Where lines come from. */
export interface LogOrigin {
  readonly pid: number;
  /** 0 for a router. */
  readonly worker: number;
  /** Whether an application answers here: uWSGI says `app: -1` where none does. */
  readonly hasApp: boolean;
  /** Requests that ended in this process, and in the whole instance. */
  readonly counts: () => { worker: number; total: number };
  /** What this process takes, in bytes. */
  readonly memory: () => ProcessMemory;
}

export interface ProcessMemory {
  readonly vsz: number;
  readonly rss: number;
}

/** A request with what only the log knows of it. */
export interface Entry {
  readonly logged: Logged;
  readonly origin: LogOrigin;
  /** The address of its client; empty where it has none. */
  readonly client: string;
  /** When it ended, by the clock on the wall, in milliseconds. */
  readonly endedAt: number;
}

/** Writes a request as one line, without its end. */
export type LineWriter = (entry: Entry) => string;
