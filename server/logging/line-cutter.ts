/** A line is cut after so many bytes, and a stack of lines is written in parts after as many. */
export const LONGEST_LINE = 64 * 1024;

/** Stands at the end of a line that was cut. */
export const CUT_MARK = ` [cut after ${LONGEST_LINE} bytes]`;

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const CLOSING_BRACE = 0x7d;
const NOTHING = Buffer.alloc(0);

/** Makes whole lines of what a process writes in pieces. */
export interface LineCutter {
  /** Takes a piece; what is whole by then is given on. */
  push(piece: Buffer): void;
  /** Gives on the lines that were held for what may belong to them, but no half line. */
  release(): void;
  /** Gives on what is left: the process writes no more. */
  end(): void;
  /** Whether lines are held. */
  readonly isHolding: boolean;
}

/**
 * Gives whole lines to `onLines`, each block with its last newline. With `keepsTogether` a line is
 * held with the indented ones behind it, such as the stack of an error, so that a block never ends
 * in the middle of them: until the next line that begins anew, or `release`. Memory is bounded by
 * a piece and two longest lines.
 */
export function createLineCutter(
  keepsTogether: boolean,
  onLines: (block: Buffer) => void,
): LineCutter {
  let rest: Buffer = NOTHING;
  /** Whether what comes is the end of a line that was cut. */
  let isCut = false;
  const give = (block: Buffer): void => {
    if (block.length > 0) onLines(block.length > LONGEST_LINE ? cutLines(block) : block);
  };
  const afterCut = (piece: Buffer): Buffer => {
    if (!isCut) return piece;
    const end = piece.indexOf(NEWLINE);
    if (end < 0) return NOTHING;
    isCut = false;
    return piece.subarray(end + 1);
  };
  return {
    push(piece) {
      const fresh = afterCut(piece);
      const all = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
      const whole = all.lastIndexOf(NEWLINE) + 1;
      const last = keepsTogether ? lastStart(all, whole) : whole;
      const upTo = whole - last > LONGEST_LINE ? whole : last;
      give(all.subarray(0, upTo));
      rest = all.subarray(upTo);
      if (all.length - whole <= LONGEST_LINE) return;
      give(all.subarray(upTo, whole));
      give(Buffer.concat([all.subarray(whole), Buffer.from('\n')]));
      rest = NOTHING;
      isCut = true;
    },
    release() {
      const whole = rest.lastIndexOf(NEWLINE) + 1;
      give(rest.subarray(0, whole));
      rest = rest.subarray(whole);
    },
    end() {
      const text = rest;
      rest = NOTHING;
      if (text.length === 0) return;
      give(text.at(-1) === NEWLINE ? text : Buffer.concat([text, Buffer.from('\n')]));
    },
    get isHolding() {
      return rest.includes(NEWLINE);
    },
  };
}

/** Where the last line that begins anew starts, of the whole lines before `end`. */
function lastStart(bytes: Buffer, end: number): number {
  let start = end;
  while (start > 0) {
    start = start < 2 ? 0 : bytes.lastIndexOf(NEWLINE, start - 2) + 1;
    if (!continues(bytes[start])) return start;
    // Lines without a beginning: nothing is before them to which they could belong.
    if (end - start > LONGEST_LINE) return end;
  }
  return 0;
}

/** Whether a line that begins so belongs to the one before: it is indented, or closes what is. */
export function continues(first: number | undefined): boolean {
  return first === SPACE || first === TAB || first === CLOSING_BRACE;
}

function cutLines(block: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let start = 0; start < block.length;) {
    const end = block.indexOf(NEWLINE, start);
    if (end - start <= LONGEST_LINE) parts.push(block.subarray(start, end + 1));
    else
      parts.push(block.subarray(start, characterEnd(block, start)), Buffer.from(`${CUT_MARK}\n`));
    start = end + 1;
  }
  return Buffer.concat(parts);
}

/** Where to cut a line so that no character of UTF-8 is halved. */
function characterEnd(bytes: Buffer, start: number): number {
  let end = start + LONGEST_LINE;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80 && end > start) end--;
  return end;
}

/** How many lines a block has, which ends with a newline. */
export function countLines(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(NEWLINE); at >= 0; at = block.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** The records of a block: a line each, with the lines that belong to it; without the last newline. */
export function recordsOf(block: Buffer): readonly string[] {
  const records: string[] = [];
  for (const line of block.toString('utf8').slice(0, -1).split('\n')) {
    const last = records.length - 1;
    if (last >= 0 && continues(line.charCodeAt(0)))
      records[last] = `${records[last] ?? ''}\n${line}`;
    else records.push(line);
  }
  return records;
}
