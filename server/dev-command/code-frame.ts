import { visible } from '../request-log/escape.js';

/** A place in a file, counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Gives the text of a file; null when there is none to be had, or it is not the application's. */
export type ReadOwn = (file: string) => string | null;

/** The lines that are shown before and behind the one that failed. */
const AROUND = 2;
/** Of a line that a bundler wrote only the part around the place is shown. */
const WIDEST = 120;

/** The places that the frames of a stack name, innermost first; those of Node itself are left out. */
export function placesOf(stack: string): Place[] {
  return stack.split('\n').flatMap((text) => {
    const found = /^\s+at (?:.* \()?(?:file:\/\/)?(\/[^()]+):(\d+):(\d+)\)?$/.exec(text);
    if (found === null) return [];
    const [, file = '', line, column] = found;
    return [{ file: pathOf(file, text), line: Number(line), column: Number(column) }];
  });
}

/** A path as the file system has it, of a frame that may name a URL. */
function pathOf(file: string, frame: string): string {
  if (!frame.includes('file://')) return file;
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
}

/**
 * The line that the application's own code failed in, with its neighbours and a caret; empty when
 * no frame is in a file that `read` gives, or the file is another one by now.
 */
export function codeFrame(stack: string, read: ReadOwn): string[] {
  for (const place of placesOf(stack)) {
    const text = read(place.file);
    if (text === null) continue;
    const lines = text.split(/\r?\n/);
    return lines[place.line - 1] === undefined ? [] : drawn(lines, place);
  }
  return [];
}

function drawn(lines: readonly string[], { file, line, column }: Place): string[] {
  const first = Math.max(1, line - AROUND);
  const last = Math.min(lines.length, line + AROUND);
  const left = Math.max(0, column - 1 - WIDEST / 2);
  const cut = (text: string): string =>
    visible(text.slice(left, left + WIDEST).replaceAll('\t', ' '));
  const width = String(last).length;
  const shown: string[] = [`  ${visible(file)}:${line}:${column}`];
  for (let at = first; at <= last; at++) {
    const text = lines[at - 1] ?? '';
    shown.push(`${at === line ? '>' : ' '} ${String(at).padStart(width)} | ${cut(text)}`.trimEnd());
    if (at !== line) continue;
    const before = cut(text.slice(0, column - 1)).length;
    shown.push(`  ${' '.repeat(width)} | ${' '.repeat(before)}^`);
  }
  return shown;
}
