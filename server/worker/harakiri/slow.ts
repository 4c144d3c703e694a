import type { Accounting } from '../books.js';
import type { Flight } from '../flights.js';
import { FIELD, type Memory } from '../memory.js';
import { BEAT_MS } from '../sample.js';
import type { Limits } from './limits.js';
import { recessOf } from './recess.js';

/** What the watch over slow requests needs. */
export interface SlowWatchOptions {
  readonly accounting: Pick<Accounting, 'flights'>;
  readonly limits: Limits;
  readonly memory: Memory;
  /** Connections that must wait to be accepted before a request is given up. */
  readonly queueThreshold: number;
  readonly now: () => number;
  /** Calls back after so many milliseconds, unless the process ends before. */
  readonly after: (ms: number, callback: () => void) => void;
  readonly giveUp: (flight: Flight, ageMs: number) => void;
  /** A request is too old and left alone, since too few wait; told once. */
  readonly spared: (flight: Flight, ageMs: number) => void;
}

/**
 * Finds requests that take too long while the loop turns: nothing is done for a request at its
 * begin or end. Looked at with each beat of the loop, and once more exactly when a limit is reached
 * before the next one. A blocked loop is the monitor thread's to find.
 */
export function createSlowWatch(options: SlowWatchOptions): { beat(): void } {
  const { memory, limits, queueThreshold, now } = options;
  const told = new WeakSet<object>();
  let isArmed = false;
  const limitOf = ({ core, response }: Flight): number =>
    core < 0 ? limits.of(response.req.url ?? '') : (memory.limits[core] ?? 0);
  const expire = (flight: Flight, ageMs: number): void => {
    const waiting = memory.fields[FIELD.listenQueue] ?? 0;
    if (queueThreshold === 0 || waiting >= queueThreshold) {
      options.giveUp(flight, ageMs);
    } else if (!told.has(flight.response)) {
      told.add(flight.response);
      options.spared(flight, ageMs);
    }
  };
  const look = (): void => {
    let next = Infinity;
    for (const flight of [...options.accounting.flights()]) {
      // Nor is it the monitor thread's concern, should the loop be blocked meanwhile.
      if (flight.response.writableEnded && flight.core >= 0) memory.limits[flight.core] = 0;
      const given = isWatched(flight) ? limitOf(flight) : 0;
      if (given === 0) continue;
      const limit = given + recessOf(memory, flight.startedAt);
      const ageMs = now() - flight.startedAt;
      if (ageMs >= limit) expire(flight, ageMs);
      else next = Math.min(next, limit - ageMs);
    }
    if (next > BEAT_MS || isArmed) return;
    isArmed = true;
    options.after(Math.ceil(next), () => {
      isArmed = false;
      look();
    });
  };
  return { beat: look };
}

/**
 * An answer that is written to its end waits for its client only, which is no fault of the
 * application's; one behind others on its connection cannot be answered before its turn.
 */
function isWatched({ response }: Flight): boolean {
  return !response.writableEnded && response.socket !== null;
}
