const FIRST_BACK_OFF_MS = 1000;
const LONGEST_BACK_OFF_MS = 30_000;

/** `down`: not asked; `trying`: the back-off is over, and the next request finds out. */
export type HealthState = 'up' | 'down' | 'trying';

/**
 * What is known of a back end from how it answered: nothing is asked only to find out. Times are
 * those of `performance.now()`; `since` is when the request was given to it.
 */
export class Health {
  #failures = 0;
  #failedAt = -Infinity;
  #answeredAt = -Infinity;
  #downUntil = 0;

  state(now: number): HealthState {
    if (this.#failures === 0) return 'up';
    return now < this.#downUntil ? 'down' : 'trying';
  }

  /** It is given a request: while that one finds out, no other does. */
  asked(now: number): void {
    if (this.state(now) === 'trying') this.#downUntil = now + backOff(this.#failures);
  }

  /** It could not be reached: it is asked again after 1, 2, 4 and at most 30 seconds. */
  unreachable(now: number, since: number): void {
    // Requests that were on their way when it failed say nothing new.
    if (since < this.#failedAt) return;
    this.#failures++;
    this.#failedAt = now;
    this.#downUntil = now + backOff(this.#failures);
  }

  /** A request had no answer in time; others may have had one meanwhile. */
  silent(now: number, since: number): void {
    if (this.#answeredAt < since) this.unreachable(now, since);
  }

  /** It answers. */
  answered(now: number): void {
    this.#failures = 0;
    this.#answeredAt = now;
  }
}

function backOff(failures: number): number {
  return Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1));
}
