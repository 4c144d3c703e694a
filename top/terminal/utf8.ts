const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The code point that exactly these bytes encode, or whether more bytes could make one. Overlong
 * forms, surrogates and what lies above U+10FFFF are invalid (RFC 3629).
 */
export function readUtf8(bytes: readonly number[]): number | 'more' | 'invalid' {
  const lead = bytes[0] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return 'invalid';
  if (bytes.length < (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2)) return 'more';
  try {
    return DECODER.decode(Uint8Array.from(bytes)).codePointAt(0) ?? 'invalid';
  } catch {
    return 'invalid';
  }
}
