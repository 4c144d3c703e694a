import type { MasterEvent } from '../decide/events.js';

/** The commands of the master FIFO: uWSGI's letters, and what each means here. */
export const FIFO_LETTERS: Readonly<Record<string, MasterEvent>> = {
  r: { type: 'reload', worker: 'all', order: 0 },
  w: { type: 'reload', worker: 'all', order: 0 },
  c: { type: 'reload', worker: 'all', order: 0, how: 'chain' },
  R: { type: 'reload', worker: 'all', order: 0, how: 'brutal' },
  W: { type: 'reload', worker: 'all', order: 0, how: 'brutal' },
  q: { type: 'stop', graceful: true, by: 'q on the master FIFO' },
  Q: { type: 'stop', graceful: false },
  p: { type: 'pause' },
  '+': { type: 'scale', by: 1 },
  '-': { type: 'scale', by: -1 },
  s: { type: 'statistics' },
  f: { type: 'upgrade' },
  l: { type: 'log-files', how: 'reopen' },
  L: { type: 'log-files', how: 'rotate' },
};

/** What a text written to the FIFO asks for, in order; `unknown` has each other letter once. */
export interface FifoOrders {
  readonly events: readonly MasterEvent[];
  readonly unknown: readonly string[];
}

/** Reads what was written to the FIFO: several letters at once, line ends and blanks between them. */
export function readLetters(text: string): FifoOrders {
  const letters = Array.from(text).filter((letter) => letter.trim() !== '');
  const events = letters.flatMap((letter) => eventOf(letter) ?? []);
  const unknown = letters.filter((letter) => eventOf(letter) === undefined);
  return { events, unknown: [...new Set(unknown)] };
}

function eventOf(letter: string): MasterEvent | undefined {
  return Object.hasOwn(FIFO_LETTERS, letter) ? FIFO_LETTERS[letter] : undefined;
}
