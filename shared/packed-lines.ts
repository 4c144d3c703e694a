import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * Lines of text in little memory. Packing is a function of its input like any other, though Node has
 * it in a library of its own.
 */
export interface PackedLines {
  readonly data: Uint8Array;
}

/** The fastest level: JSON of one shape shrinks to a tenth with it, and a megabyte takes some milliseconds. */
const LEVEL = 1;

/** Packs lines, none of which may hold a line break, as JSON in one line does not. */
export function packLines(lines: readonly string[]): PackedLines {
  return { data: deflateRawSync(lines.join('\n'), { level: LEVEL }) };
}

/** The lines as they were. */
export function unpackLines({ data }: PackedLines): readonly string[] {
  return inflateRawSync(data).toString().split('\n');
}
