import type { Log } from '../log.js';

/** Lines that strangers may cause in a minute. */
export const STRANGER_LINES = 30;

/** Characters of a line: a command, who sent it, and one sentence. */
const MAX_LINE = 600;

/** Writes who did what, or tried to, whatever the level of the log is. */
export interface Audit {
  /** What somebody did who may: each line is written. */
  told(line: string): void;
  /**
   * What anyone can cause who can connect: at most `STRANGER_LINES` of them in a minute, so that
   * nobody fills a disk from outside; those beyond are counted, and their number is written. Only
   * a line that is written is asked for: it takes a look at who it was.
   */
  refused(line: () => string): void;
}

/** `now` is the monotonic clock in milliseconds. */
export function createAudit(log: Log, now: () => number, perMinute = STRANGER_LINES): Audit {
  let windowStart = now();
  let lines = 0;
  const write = (line: string): void => {
    log(`audit: ${escaped(line)}`, 'audit');
  };
  const endWindow = (): void => {
    if (lines > perMinute) {
      write(`${lines - perMinute} more refusals in that minute were not written one by one`);
    }
    windowStart = now();
    lines = 0;
  };
  return {
    told: write,
    refused(line) {
      if (now() - windowStart >= MINUTE_MS) endWindow();
      lines++;
      if (lines <= perMinute) write(line());
      // The number must come also when nobody is refused after that.
      else if (lines === perMinute + 1) setTimeout(endWindow, MINUTE_MS).unref();
    },
  };
}

const MINUTE_MS = 60_000;

/** Nothing that came over the wire may end a line, colour a terminal or turn its direction. */
export function escaped(text: string): string {
  const cut = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}...` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
