import type { FlightSample } from '../../wire/sample-frames.js';
import type { HarakiriFrame } from '../../wire/harakiri-frames.js';

/** What the master knows when a worker tells of a request that took too long. */
export interface HarakiriReport extends Omit<HarakiriFrame, 'type'> {
  /** All requests inside the application, as of the last sample. */
  readonly flights: readonly FlightSample[];
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  /** Of the worker, in bytes; 0 before it was measured. */
  readonly rss: number;
  /** Connections that wait to be accepted. */
  readonly listenQueue: number;
}
