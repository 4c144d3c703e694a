import { hkdfSync, randomBytes } from 'node:crypto';
import { type Fields, numberIn, textUpTo } from '../../../shared/fields.js';

/** What the keys of all tickets are made of, and how old it is: what a master leaves to the next. */
export interface TicketSecret {
  /** Base64. */
  readonly secret: string;
  readonly ageMs: number;
}

/** Whoever learns the keys of tickets can read what was recorded meanwhile: they do not get old. */
const LIFETIME_MS = 12 * 3600 * 1000;
const BYTES = 48;
const MAX_TEXT = 100;

/** Reads what another master has left; null when it is none. */
export function readTicketSecret(value: Fields): TicketSecret | null {
  const secret = textUpTo(value['secret'], MAX_TEXT);
  const ageMs = numberIn(value['ageMs'], 0, Number.MAX_SAFE_INTEGER);
  if (secret === undefined || ageMs === undefined) return null;
  return Buffer.from(secret, 'base64').length === BYTES ? { secret, ageMs } : null;
}

/** The keys of tickets, by which any router process of any master resumes a session. */
export class TicketKeys {
  #secret: Buffer = randomBytes(BYTES);
  #since = performance.now();
  #renewal: NodeJS.Timeout | undefined;
  #onChange: (() => void) | null = null;

  /** The keys of one place, base64: a ticket of one does not open another. */
  of(place: string): string {
    return Buffer.from(hkdfSync('sha256', this.#secret, '', place, BYTES)).toString('base64');
  }

  /** What the next master is to have. */
  leave(): TicketSecret {
    const ageMs = performance.now() - this.#since;
    return { secret: this.#secret.toString('base64'), ageMs };
  }

  /** Goes on with what another master has left, for no longer than that one would have. */
  inherit({ secret, ageMs }: TicketSecret): void {
    this.#replace(Buffer.from(secret, 'base64'), ageMs);
  }

  /** Makes new keys when they are old, and calls `onChange` when they are others, until `stop`. */
  watch(onChange: () => void): void {
    this.#onChange = onChange;
    this.#renewInTime();
  }

  stop(): void {
    this.#onChange = null;
    clearTimeout(this.#renewal);
  }

  #replace(secret: Buffer, ageMs: number): void {
    const isSame = secret.equals(this.#secret);
    this.#secret = secret;
    this.#since = performance.now() - ageMs;
    if (this.#onChange === null) return;
    this.#renewInTime();
    if (!isSame) this.#onChange();
  }

  #renewInTime(): void {
    clearTimeout(this.#renewal);
    const left = Math.max(0, this.#since + LIFETIME_MS - performance.now());
    this.#renewal = setTimeout(() => {
      this.#replace(randomBytes(BYTES), 0);
    }, left).unref();
  }
}
