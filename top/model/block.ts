/** Figures as lines with a label each: what a view of one thing is made of. Every text is safe to draw. */

/** How a line reads: `work` is healthy, `attention` wants a look, `alarm` wants a person. */
export type Tone = 'normal' | 'dim' | 'bright' | 'work' | 'attention' | 'alarm';

export interface Row {
  /** Empty when the line goes on with the one above, or has no name. */
  readonly label: string;
  readonly text: string;
  readonly tone: Tone;
  /** From 0 to 1: drawn as a bar before the text. */
  readonly share?: number;
}

export interface Block {
  readonly title: string;
  /** Columns of a label: those of one block stand in a line. */
  readonly labels: number;
  readonly rows: readonly Row[];
}

/** Not known, as opposed to absent: a document that has no such figure at all has no such line. */
export const UNKNOWN = '–';

/**
 * A line for a figure. None at all for one that the document does not have (`undefined`), and a dash
 * for one that nobody has measured yet (`null`).
 */
export function row(
  label: string,
  value: number | null | undefined,
  format: (value: number) => string,
  tone: Tone = 'normal',
): Row[] {
  if (value === undefined) return [];
  if (value === null) return [{ label, text: UNKNOWN, tone: 'dim' }];
  return [{ label, text: format(value), tone }];
}

/** A line of words. */
export function words(label: string, text: string, tone: Tone = 'normal'): Row {
  return { label, text, tone };
}

/** A part of a whole as a bar and in figures; none when the whole is not known. */
export function bar(label: string, part: number, whole: number, text: string): Row[] {
  if (!(whole > 0)) return [];
  return [{ label, text, tone: 'normal', share: Math.min(1, Math.max(0, part / whole)) }];
}

/** Lines of the longest column: of each block a title, its rows, and an empty line before the next. */
export function columnsHeight(columns: readonly (readonly Block[])[]): number {
  const heights = columns.map((blocks) =>
    blocks.reduce((sum, { rows }) => sum + rows.length + 2, -1),
  );
  return Math.max(0, ...heights);
}
