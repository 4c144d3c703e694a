/**
 * How often something may happen: `burst` times at once, and `rate` times a second on and on.
 */
export class Budget {
  readonly #burst: number;
  readonly #rate: number;
  #left: number;
  #at: number;

  constructor({ burst, rate }: { readonly burst: number; readonly rate: number }, now: number) {
    this.#burst = burst;
    this.#rate = rate;
    this.#left = burst;
    this.#at = now;
  }

  /** Takes one at this time, in milliseconds; false: there is none left. */
  take(now: number): boolean {
    const grown = this.#left + ((now - this.#at) / 1000) * this.#rate;
    this.#at = now;
    this.#left = Math.min(this.#burst, grown) - 1;
    return this.#left >= 0;
  }
}
