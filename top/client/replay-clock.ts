import type { Clock } from '../clock.js';

/** What a person may do to the time of a recording. */
export interface ReplayControl {
  /** Stops time, or lets it pass again. */
  hold(held: boolean): void;
  /** How many times as fast as real time, from now on; more than 0. */
  setSpeed(speed: number): void;
  /** Lets time jump ahead to so many milliseconds after the beginning; never back. */
  seek(ms: number): void;
}

/** The time of a recording: it passes at another speed, and begins when the recording did. */
export interface ReplayClock extends Clock, ReplayControl {
  /**
   * Milliseconds to wait, of the real ones, until this much of the recording has passed, if nobody
   * changes its speed; infinite while it is held.
   */
  until(ms: number): number;
  /** Calls whenever what `until` said is no longer so. */
  onChange(call: () => void): void;
  /** Says that so much of the recording has been shown: without speed, only this makes time pass. */
  reach(ms: number): void;
  /** The recording is over, and so is its time. */
  stop(): void;
}

/** @param speed How many times as fast as real time; 0 waits for nothing. */
export function replayClock(real: Clock, speed: number, startWallMs: number): ReplayClock {
  /** Where both clocks were when the speed was changed last. */
  let since = { real: real.now(), passed: 0 };
  let pace = { speed, held: false };
  let reached = 0;
  let stopped: number | null = null;
  let changed = (): void => undefined;
  const passed = (): number =>
    since.passed + (pace.held ? 0 : (real.now() - since.real) * pace.speed);
  const now = (): number => stopped ?? Math.max(reached, passed());
  const change = (next: Partial<typeof pace>): void => {
    since = { real: real.now(), passed: now() };
    pace = { ...pace, ...next };
    changed();
  };
  return {
    now,
    wallMs: () => startWallMs + now(),
    // What is waited for by the screen (a frame, the next tick) is waited for by a person.
    after: (ms, call) => real.after(ms, call),
    until(ms) {
      if (pace.held) return Infinity;
      return pace.speed === 0 ? 0 : Math.max(0, (ms - now()) / pace.speed);
    },
    onChange(call) {
      changed = call;
    },
    hold(held) {
      change({ held });
    },
    setSpeed(faster) {
      change({ speed: faster });
    },
    seek(ms) {
      if (stopped !== null || ms <= now()) return;
      since = { real: real.now(), passed: ms };
      changed();
    },
    reach(ms) {
      reached = Math.max(reached, ms);
    },
    stop() {
      stopped = now();
    },
  };
}
