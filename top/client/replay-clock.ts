import type { Clock } from '../clock.js';

/** The time of a recording: it passes at another speed, and begins when the recording did. */
export interface ReplayClock extends Clock {
  /** Milliseconds to wait, of the real ones, until this much of the recording has passed. */
  until(ms: number): number;
  /** Says that so much of the recording has been shown: without speed, only this makes time pass. */
  reach(ms: number): void;
  /** The recording is over, and so is its time. */
  stop(): void;
}

/** @param speed How many times as fast as real time; 0 waits for nothing. */
export function replayClock(real: Clock, speed: number, startWallMs: number): ReplayClock {
  const began = real.now();
  let reached = 0;
  let stopped: number | null = null;
  const now = (): number =>
    stopped ?? (speed === 0 ? reached : Math.max(reached, (real.now() - began) * speed));
  return {
    now,
    wallMs: () => startWallMs + now(),
    // What is waited for by the screen (a frame, the next tick) is waited for by a person.
    after: (ms, call) => real.after(ms, call),
    until: (ms) => (speed === 0 ? 0 : Math.max(0, (ms - now()) / speed)),
    reach(ms) {
      reached = Math.max(reached, ms);
    },
    stop() {
      stopped = now();
    },
  };
}
