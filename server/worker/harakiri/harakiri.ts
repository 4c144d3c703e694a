import type { HarakiriFrame } from '../../wire/harakiri-frames.js';
import type { Accounting } from '../books.js';
import type { Flight } from '../flights.js';
import { FIELD, type Memory } from '../memory.js';
import { giveUpRequest } from './give-up.js';
import type { Limits } from './limits.js';
import { createSlowWatch } from './slow.js';

/** What harakiri in the main thread works with. */
export interface HarakiriSettings {
  readonly worker: number;
  readonly accounting: Accounting;
  readonly limits: Limits;
  readonly memory: Memory;
  readonly queueThreshold: number;
  readonly now: () => number;
  readonly send: (frame: HarakiriFrame) => void;
  readonly say: (line: string) => void;
}

/**
 * Harakiri while the loop turns: the client of a request that takes too long gets 504, the books
 * are closed on it, and the master is told, which replaces this worker. `beat` is to be called at
 * each beat of the loop.
 */
export function watchSlowRequests(settings: HarakiriSettings): { beat(): void } {
  const { accounting, limits, memory, queueThreshold, now } = settings;
  return createSlowWatch({
    ...{ accounting, limits, memory, queueThreshold, now },
    after: (ms, callback) => void setTimeout(callback, ms).unref(),
    giveUp(flight, ageMs) {
      const frame = slowFrame(flight, ageMs, memory);
      accounting.giveUp(flight, () => {
        giveUpRequest(flight.response);
      });
      settings.send(frame);
    },
    spared({ core, response }, ageMs) {
      const { method = '', url = '' } = response.req;
      const seconds = (ageMs / 1000).toFixed(1);
      const waiting = memory.fields[FIELD.listenQueue] ?? 0;
      settings.say(
        `HARAKIRI skipped on worker ${settings.worker} core ${core}: ${method} ${url} takes ${seconds} s, but the listen queue is ${waiting} of ${queueThreshold}`,
      );
    },
  });
}

/** URLs in a frame are cut like those in the shared memory, if not as short. */
const MAX_URI = 1024;

function slowFrame(flight: Flight, ageMs: number, { fields }: Memory): HarakiriFrame {
  const { method = '', url = '', socket } = flight.response.req;
  return {
    type: 'harakiri',
    face: 'slow',
    core: flight.core,
    method,
    uri: url.slice(0, MAX_URI),
    peer: socket.remoteAddress ?? '',
    ageMs,
    inFlight: fields[FIELD.inFlight] ?? 0,
    queued: fields[FIELD.queued] ?? 0,
    stack: [],
  };
}
