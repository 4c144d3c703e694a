import type { Variable } from './packet.js';

/** The size of the variables is told in two bytes. */
const MOST = 65_535;

/** Writes a request's packet, of texts with one character a byte; null: there is too much for one. */
export function encodePacket(variables: readonly Variable[]): Buffer | null {
  const size = variables.reduce((sum, [name, value]) => sum + 4 + name.length + value.length, 0);
  if (size > MOST) return null;
  // Modifiers 0 and 0: what the application is, the back end knows.
  const packet = Buffer.alloc(4 + size);
  packet.writeUInt16LE(size, 1);
  let at = 4;
  for (const text of variables.flat()) {
    at = packet.writeUInt16LE(text.length, at);
    at += packet.write(text, at, 'latin1');
  }
  return packet;
}
