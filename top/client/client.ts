import type { Command } from '../../shared/commands.js';
import type { ClientEvent } from '../model/client-event.js';

/** A connection to one stats server, whatever it speaks. It never throws: problems are events. */
export interface StatsClient {
  /** Starts polling or streaming; events arrive until `close`. */
  start(onEvent: (event: ClientEvent) => void): void;
  /** Changes how often documents are wanted, in milliseconds. */
  setInterval(ms: number): void;
  /** Asks for a document now, ahead of the interval. */
  refresh(): void;
  /** Sends a command; its reply and outcome arrive as events with the same id. */
  command(id: number, command: Command): void;
  /** Closes sockets and timers; no event arrives afterwards. */
  close(): void;
}
