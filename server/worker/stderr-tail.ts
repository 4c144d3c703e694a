import { STDERR_KEPT } from '../wire/frames.js';

/**
 * The end of what an application wrote to stderr, kept in memory that its monitor thread reads too:
 * so that the master has it also of a process that is killed. The descriptor stays the master's own,
 * inherited: a pipe that the master copies on would cost it every request line of every worker, and
 * block it when whoever reads the log does not. What is not seen is written past `process.stderr`:
 * by native code, such as V8's last words on running out of memory, and by `fs.writeSync(2, …)`.
 */
export interface Tail {
  readonly buffer: SharedArrayBuffer;
  /** The bytes, a ring. */
  readonly bytes: Buffer;
  /** [0] is odd while it is written to, [1] counts the bytes written, modulo 2^32. */
  readonly state: Uint32Array;
}

/** UTF-8, so that the kept characters are at most as many. */
const SIZE = STDERR_KEPT.characters;
const HEAD = 8;

/** Allocates an empty tail. */
export function allocateTail(): Tail {
  return viewTail(new SharedArrayBuffer(HEAD + SIZE));
}

/** The tail in memory that `allocateTail` made. */
export function viewTail(buffer: SharedArrayBuffer): Tail {
  return {
    buffer,
    bytes: Buffer.from(buffer, HEAD, SIZE),
    state: new Uint32Array(buffer, 0, 2),
  };
}

/** Adds what was written; only the end of more than the tail holds is kept. Main thread only. */
export function appendTail(tail: Tail, text: string | Uint8Array): void {
  const all = typeof text === 'string' ? Buffer.from(text.slice(-SIZE)) : text;
  const end = all.subarray(-SIZE);
  const { bytes, state } = tail;
  const at = (state[1] ?? 0) % SIZE;
  Atomics.add(state, 0, 1);
  const first = end.subarray(0, SIZE - at);
  bytes.set(first, at);
  bytes.set(end.subarray(first.length), 0);
  Atomics.add(state, 1, end.length);
  Atomics.add(state, 0, 1);
}

/** How many bytes were written, modulo 2^32: whether there is anything new. */
export function tailPosition(tail: Tail): number {
  return Atomics.load(tail.state, 1);
}

/**
 * The last lines, oldest first, at most as `STDERR_KEPT` says; null while they are being written. Of
 * a line whose beginning is lost the rest is kept, and every character is one that was written or
 * U+FFFD for bytes that are no UTF-8.
 */
export function readTail(tail: Tail): string[] | null {
  const { bytes, state } = tail;
  const before = Atomics.load(state, 0);
  if (before % 2 === 1) return null;
  const written = Atomics.load(state, 1);
  const at = written % SIZE;
  const isFull = written >= SIZE || bytes[at] !== 0;
  const copy = isFull
    ? Buffer.concat([bytes.subarray(at), bytes.subarray(0, at)])
    : Buffer.from(bytes.subarray(0, at));
  if (Atomics.load(state, 0) !== before) return null;
  const lines = copy.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (isFull && (lines[0] ?? '') === '') lines.shift();
  return lines.slice(-STDERR_KEPT.lines);
}

/**
 * Keeps the end of what is written to `stream` from now on; returns its own `write`, for lines that
 * are not to be kept. The application may put a `write` of its own in front. `onKept` is called
 * after each piece.
 */
export function keepTail(
  stream: NodeJS.WriteStream,
  tail: Tail,
  onKept: () => void = () => undefined,
): (text: string) => void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  const kept = (...args: unknown[]): boolean => {
    const [chunk] = args;
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) {
      appendTail(tail, chunk);
      onKept();
    }
    return write(...args);
  };
  Object.defineProperty(stream, 'write', { value: kept, writable: true, configurable: true });
  return (text) => void write(text);
}
