/** A bounded queue, first come, first served, from which anybody may leave. */
export class WaitingLine<T> {
  readonly #limit: number;
  /** A set remembers the order in which its members came, and lets each go at once. */
  readonly #members = new Set<T>();
  #longest = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#members.size;
  }

  /** The most that ever waited. */
  get longest(): number {
    return this.#longest;
  }

  /** Lets one more wait; false when there is no place. */
  join(member: T): boolean {
    if (this.#members.size >= this.#limit) return false;
    this.#members.add(member);
    this.#longest = Math.max(this.#longest, this.#members.size);
    return true;
  }

  /** Takes one out, wherever it stands; false when it was not there. */
  leave(member: T): boolean {
    return this.#members.delete(member);
  }

  /** Who came first, left in its place. */
  first(): T | undefined {
    return this.#members.values().next().value;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#members.values();
  }
}
