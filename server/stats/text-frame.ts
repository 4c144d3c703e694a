/** Lengths from here on take two more bytes, and from `HUGE` on eight (RFC 6455 §5.2). */
const LONG = 126;
const HUGE = 65_536;

/** FIN, and opcode 1: a whole text message. */
const WHOLE_TEXT = 0x81;

/**
 * A text message of a server as one frame of the WebSocket protocol, RFC 6455 §5.2: not masked and
 * not compressed, so that the same bytes go to every client.
 * @param parts The text in UTF-8.
 */
export function textFrame(...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = headOf(length);
  return Buffer.concat([head, ...parts], head.length + length);
}

function headOf(length: number): Buffer {
  if (length < LONG) return Buffer.from([WHOLE_TEXT, length]);
  const head = Buffer.alloc(length < HUGE ? 4 : 10);
  head[0] = WHOLE_TEXT;
  head[1] = length < HUGE ? LONG : LONG + 1;
  if (length < HUGE) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
