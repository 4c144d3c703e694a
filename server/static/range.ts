/** Bytes of a file, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * What a Range field asks of `size` bytes (RFC 9110 §14.1.2, §14.2). Null: the whole, as for
 * another unit, a field that is not valid, and several ranges at once, which a server may ignore:
 * many small ones are an attack.
 */
export function readRange(field: string | undefined, size: number): ByteRange | 'none' | null {
  const match = /^bytes=[\t ]*(\d*)-(\d*)[\t ]*$/i.exec(field ?? '');
  if (match === null) return null;
  const [, from = '', to = ''] = match;
  if (from === '') return to === '' ? null : lastBytes(Number(to), size);
  const first = Number(from);
  const last = to === '' ? Infinity : Number(to);
  if (first > last) return null;
  return first >= size ? 'none' : { first, last: Math.min(last, size - 1) };
}

function lastBytes(count: number, size: number): ByteRange | 'none' {
  if (count === 0 || size === 0) return 'none';
  return { first: Math.max(0, size - count), last: size - 1 };
}
