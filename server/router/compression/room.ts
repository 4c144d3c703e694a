/** How many answers are compressed at once: each takes memory for as long as its client reads. */
const MOST = 256;

/** The places for answers that are compressed; when all are taken, the next go out as they are. */
export class Room {
  #taken = 0;

  get isFull(): boolean {
    return this.#taken >= MOST;
  }

  take(): void {
    this.#taken++;
  }

  give(): void {
    this.#taken--;
  }
}
