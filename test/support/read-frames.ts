import assert from 'node:assert/strict';

/** The texts in whole, unmasked text frames, read byte by byte as RFC 6455 §5.2 draws them. */
export function readFrames(...frames: readonly Buffer[]): string[] {
  const texts: string[] = [];
  let rest = Buffer.concat(frames);
  while (rest.length > 0) {
    assert.equal(rest[0], 0b1000_0001, 'FIN, no extension, text');
    const short = rest[1] ?? 0;
    assert.ok(short < 128, 'a server does not mask');
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    const long = rest.subarray(2, head).toString('hex');
    const length = long === '' ? short : Number(`0x${long}`);
    if (head > 2) assert.ok(length >= (head === 4 ? 126 : 65_536), 'the shortest form of a length');
    assert.ok(rest.length >= head + length, 'a whole frame');
    texts.push(rest.subarray(head, head + length).toString());
    rest = rest.subarray(head + length);
  }
  return texts;
}
