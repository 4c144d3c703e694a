import { err, ok, type Result } from '../../shared/result.js';
import {
  BROKEN_VARIABLE,
  type Fault,
  NAMELESS_VARIABLE,
  SPOKE_HTTP,
  tooLarge,
  tooMany,
  unavailableModifier,
} from './fault.js';

/**
 * The packet that begins a connection of the uwsgi protocol: one byte `modifier1`, the size of the
 * variables in two bytes, little-endian, one byte `modifier2`, then the variables: name and value,
 * each behind its length in two bytes. What follows is the body of the request, as it is.
 */

/** How much a packet may hold. */
export interface PacketLimits {
  /** Bytes of variables: `--buffer-size`. */
  readonly bufferSize: number;
  /** `--max-vars` */
  readonly maxVars: number;
}

/** A name and a value, one character a byte. */
export type Variable = readonly [name: string, value: string];

/** What a client asks for by its packet. */
export type Packet =
  | { readonly kind: 'ping' }
  | {
      readonly kind: 'request';
      readonly variables: readonly Variable[];
      /** The bytes behind the packet that have come already. */
      readonly rest: Buffer;
    };

export interface PacketReader {
  /** Takes bytes as they come; null while the packet is not complete. */
  push(chunk: Buffer): Result<Packet, Fault> | null;
}

const HEADER = 4;
const PING = 100;

/**
 * The modifiers of requests: whatever language uWSGI would have answered them in (Python, Perl, Lua,
 * Ruby, the JVM, CGI, PHP, and Python once more), the application here does.
 */
const REQUESTS: ReadonlySet<number> = new Set([0, 5, 6, 7, 8, 9, 14, 30]);

/** Reads one packet, however its bytes are split. */
export function createPacketReader(limits: PacketLimits): PacketReader {
  const header = Buffer.alloc(HEADER);
  let seen = 0;
  let content: Buffer | null = null;
  let filled = 0;

  /** What the packet asks for, once its header is there. */
  const open = (): Fault | null => {
    const fault = headerFault(header, limits);
    if (fault === null) content = Buffer.allocUnsafe(header.readUInt16LE(1));
    return fault;
  };
  return {
    push(chunk) {
      let at = 0;
      if (content === null) {
        at = chunk.copy(header, seen, 0, HEADER - seen);
        seen += at;
        if (seen < HEADER) return null;
        const fault = open();
        if (fault !== null) return err(fault);
      }
      if (content === null) return null;
      const taken = chunk.copy(content, filled, at);
      filled += taken;
      if (filled < content.length) return null;
      if (header[0] === PING) return ok({ kind: 'ping' });
      const variables = readVariables(content, limits.maxVars);
      if (!variables.ok) return variables;
      const rest = chunk.subarray(at + taken);
      return ok({ kind: 'request', variables: variables.value, rest });
    },
  };
}

function headerFault(header: Buffer, { bufferSize }: PacketLimits): Fault | null {
  // An upper-case word of four letters, or of three and a blank, is the beginning of "GET /".
  if (/^[A-Z]{3}[A-Z ]$/.test(header.toString('latin1'))) return SPOKE_HTTP;
  const modifier = header[0] ?? 0;
  if (modifier !== PING && !REQUESTS.has(modifier)) return unavailableModifier(modifier);
  const size = header.readUInt16LE(1);
  return size > bufferSize ? tooLarge(size, bufferSize) : null;
}

function readVariables(content: Buffer, most: number): Result<Variable[], Fault> {
  const variables: Variable[] = [];
  let at = 0;
  while (at < content.length) {
    const name = textAt(content, at);
    if (name === null) return err(BROKEN_VARIABLE);
    if (name === '') return err(NAMELESS_VARIABLE);
    at += 2 + name.length;
    const value = textAt(content, at);
    if (value === null) return err(BROKEN_VARIABLE);
    at += 2 + value.length;
    if (variables.length === most) return err(tooMany(most));
    variables.push([name, value]);
  }
  return ok(variables);
}

/** The text behind a length at `at`; null when it is not all there. */
function textAt(content: Buffer, at: number): string | null {
  if (at + 2 > content.length) return null;
  const end = at + 2 + content.readUInt16LE(at);
  return end > content.length ? null : content.toString('latin1', at + 2, end);
}
