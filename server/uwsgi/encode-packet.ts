import type { Variable } from './packet.js';

/** The size of the variables is told in two bytes. */
const MOST = 65_535;

/** Writes a request's packet, of texts with one character a byte; null: there is too much for one. */
export function encodePacket(variables: readonly Variable[]): Buffer | null {
  return fitsPacket(variables) ? writePacket(variables) : null;
}

/** Whether one packet can hold so much. */
export function fitsPacket(variables: readonly Variable[]): boolean {
  return sizeOf(variables) <= MOST;
}

/** Writes the packet of variables that fit into one. */
export function writePacket(variables: readonly Variable[]): Buffer {
  const size = sizeOf(variables);
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

function sizeOf(variables: readonly Variable[]): number {
  return variables.reduce((sum, [name, value]) => sum + 4 + name.length + value.length, 0);
}
