import { BackendPool } from './backend-pool.js';
import { leastBusy } from './balance.js';
import type { Backend, RouterSettings } from './settings.js';
import { WaitingLine } from './waiting.js';

/** Why nobody could be asked. */
export type NoPlace = 'queue full' | 'no back end accepts' | 'waited too long';

/** A request that wants a backend. */
export interface Applicant {
  /** The backend that just failed it: taken only if there is no other. */
  readonly avoided: BackendPool | null;
  /** By `performance.now()`. */
  readonly waitingSince: number;
  /** It has a place at this backend until it gives it back. */
  placed(backend: BackendPool): void;
  turnedAway(why: NoPlace): void;
}

/** Gives requests to backends, and lets wait those for which there is no place. */
export class Dispatcher {
  readonly #settings: RouterSettings;
  readonly #line: WaitingLine<Applicant>;
  #backends: BackendPool[] = [];
  /** Those that are asked no more and still answer. */
  readonly #leaving = new Set<BackendPool>();
  #last = -1;
  /** Since when no backend accepts, by `performance.now()`; null: one does. */
  #nobodySince: number | null;

  constructor(settings: RouterSettings) {
    this.#settings = settings;
    this.#line = new WaitingLine(settings.queue);
    this.#nobodySince = performance.now();
  }

  get queued(): number {
    return this.#line.length;
  }

  get longestQueue(): number {
    return this.#line.longest;
  }

  get backends(): readonly BackendPool[] {
    return this.#backends;
  }

  update(list: readonly Backend[]): void {
    const known = new Map(this.#backends.map((backend) => [backend.id, backend]));
    this.#backends = list.map((given) => {
      const backend = known.get(given.id);
      known.delete(given.id);
      if (backend === undefined) return new BackendPool(given, this.#onChange);
      backend.update(given);
      return backend;
    });
    for (const backend of known.values()) {
      backend.retire();
      if (backend.inFlight > 0) this.#leaving.add(backend);
    }
    this.#onChange();
  }

  /** Gives a request its backend now, or later, or turns it away. */
  place(applicant: Applicant): void {
    if (this.#line.length === 0) {
      const backend = this.#choose(applicant);
      if (backend !== null) {
        this.#seat(applicant, backend);
        return;
      }
    }
    if (this.#isDeserted(performance.now())) applicant.turnedAway('no back end accepts');
    else if (!this.#line.join(applicant)) applicant.turnedAway('queue full');
  }

  /** The client left. */
  withdraw(applicant: Applicant): void {
    this.#line.leave(applicant);
  }

  /** A place is free again. */
  release(backend: BackendPool): void {
    backend.inFlight--;
    if (backend.inFlight === 0) this.#leaving.delete(backend);
    this.#callNext();
  }

  /** Looks at the clock: for whom it is too late, and which connections are too old. */
  sweep(now: number): void {
    for (const backend of this.#backends) backend.expire(now);
    // A back-off may be over.
    this.#callNext();
    const { timeoutMs } = this.#settings;
    const isDeserted = this.#isDeserted(now);
    for (const applicant of this.#line) {
      const isLate = timeoutMs > 0 && now - applicant.waitingSince >= timeoutMs;
      // Who came first has waited longest.
      if (!isLate && !isDeserted) break;
      this.#line.leave(applicant);
      applicant.turnedAway(isDeserted ? 'no back end accepts' : 'waited too long');
    }
  }

  close(): void {
    for (const backend of [...this.#backends, ...this.#leaving]) backend.close();
  }

  /** Who accepts may be others than before. */
  readonly #onChange = (): void => {
    const isServed = this.#backends.some(({ isServing }) => isServing);
    if (isServed) this.#nobodySince = null;
    else this.#nobodySince ??= performance.now();
    this.#callNext();
  };

  #isDeserted(now: number): boolean {
    return this.#nobodySince !== null && now - this.#nobodySince >= this.#settings.connectTimeoutMs;
  }

  #choose({ avoided }: Applicant): BackendPool | null {
    const not = avoided === null ? -1 : this.#backends.indexOf(avoided);
    const at = leastBusy(this.#backends, this.#settings.async, this.#last, not);
    if (at < 0) return null;
    this.#last = at;
    return this.#backends[at] ?? null;
  }

  #seat(applicant: Applicant, backend: BackendPool): void {
    backend.inFlight++;
    backend.requests++;
    applicant.placed(backend);
  }

  #callNext(): void {
    for (let next = this.#line.first(); next !== undefined; next = this.#line.first()) {
      const backend = this.#choose(next);
      if (backend === null) return;
      this.#line.leave(next);
      this.#seat(next, backend);
    }
  }
}
