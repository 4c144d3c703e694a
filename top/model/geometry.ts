/**
 * How the height of the terminal is shared out. It is a function of the size and of what was asked
 * for, so that nothing on the screen moves when the data change, and it lives in the model because
 * a page of PgDn is as long as the table is high.
 */
export interface Geometry {
  /**
   * `tiny` has no table; `small` and `medium` differ in the header; `large` keeps room for the
   * requests in flight when it is high enough.
   */
  readonly tier: 'tiny' | 'small' | 'medium' | 'large';
  readonly header: number;
  /** An empty line between blocks: 0 or 1. */
  readonly gap: number;
  /** Lines of the table below its titles. */
  readonly rows: number;
  /** Lines kept free for the requests in flight, title included; a short table leaves them more. */
  readonly requests: number;
  /** Lines for the diagnosis and for messages. */
  readonly notices: number;
  readonly bar: number;
}

/** Smallest size at which a person can read what a confirmation asks. */
export const MIN_ASK = { width: 20, height: 5 } as const;

function tiny(height: number): Geometry {
  const bar = height >= 5 ? 1 : 0;
  const notices = height >= 3 ? 1 : 0;
  const header = Math.max(0, Math.min(height, height - bar - notices));
  return { tier: 'tiny', header, gap: 0, rows: 0, requests: 0, notices, bar };
}

/**
 * Shares out the lines of a terminal; they always add up to at most `height`.
 * @param alone Whether the table has the place of the requests in flight too.
 */
export function geometry(width: number, height: number, alone = false): Geometry {
  if (width < 26 || height < 8) return tiny(height);
  if (width < 60 || height < 18) {
    return {
      tier: 'small',
      header: 2,
      gap: 0,
      rows: height - 5,
      requests: 0,
      notices: 1,
      bar: 1,
    };
  }
  return width >= 100 && height >= 30 ? large(height, alone) : medium(height);
}

/** How many lines a list can show that has the whole place of its view, below one line of titles. */
export function listRows(width: number, height: number): number {
  const { tier, header, rows } = geometry(width, height, true);
  return tier === 'tiny' ? Math.max(0, header - 2) : rows;
}

function medium(height: number): Geometry {
  const gap = height >= 24 ? 1 : 0;
  const rows = height - 3 - gap - 1 - 3;
  return { tier: 'medium', header: 3, gap, rows, requests: 0, notices: 2, bar: 1 };
}

/** Blocks with an empty line after each: header, table, and from 36 lines on requests. */
function large(height: number, alone: boolean): Geometry {
  const requests = height >= 36 && !alone ? Math.min(12, Math.floor(height / 6) + 1) : 0;
  const gaps = requests > 0 ? 2 : 1;
  const rows = height - 3 - gaps - 1 - requests - 3;
  return { tier: 'large', header: 3, gap: 1, rows, requests, notices: 2, bar: 1 };
}
