/**
 * Gives every consumer the newest of what was published, and nothing twice. One that is slow skips
 * what came meanwhile: whatever their number and pace, one value is held.
 */
export class Latest<T> implements AsyncIterable<T> {
  #newest: { readonly value: T; readonly number: number } | undefined;
  #end: { readonly error: Error | null } | undefined;
  #waiting: (() => void)[] = [];

  publish(value: T): void {
    if (this.#end !== undefined) return;
    this.#newest = { value, number: (this.#newest?.number ?? 0) + 1 };
    this.#wake();
  }

  /** Ends every iteration: with an error, or as done. Only the first end counts. */
  end(error: Error | null): void {
    this.#end ??= { error };
    this.#newest = undefined;
    this.#wake();
  }

  /** Begins with the newest value that there is, or the first to come. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, undefined, undefined> {
    let seen = 0;
    for (;;) {
      if (this.#end !== undefined) {
        if (this.#end.error !== null) throw this.#end.error;
        return undefined;
      }
      if (this.#newest !== undefined && this.#newest.number > seen) {
        seen = this.#newest.number;
        yield this.#newest.value;
      } else {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
