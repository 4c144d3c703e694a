import type { Socket } from 'node:net';
import { MAX_DOCUMENT } from '../../shared/decode-text.js';
import type { Clock } from './clock.js';

/** When to speak: at once, never, or only if the server is silent for so many milliseconds. */
export interface Opening {
  readonly request: string;
  readonly afterMs: number;
}

/** How an exchange ended. */
export type Ending =
  /** The server closed, as it should. */
  | 'end'
  | 'reset'
  | 'deadline'
  /** Longer than any document. */
  | 'too-long'
  | 'aborted';

/** All that the server sent. */
export interface Exchange {
  readonly bytes: Buffer;
  readonly ending: Ending;
  /** Whether the request was sent. */
  readonly spoke: boolean;
}

/**
 * Reads one answer to its end, and sends the request when its time has come. The socket is
 * destroyed in every case; the promise never rejects, and `deadlineMs` bounds it.
 */
export function exchange(
  socket: Socket,
  opening: Opening | null,
  limits: { readonly deadlineMs: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Exchange> {
  const { clock, signal } = limits;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let spoke = false;
    const speak = (): void => {
      if (opening === null || length > 0 || socket.destroyed) return;
      spoke = true;
      socket.write(opening.request);
    };
    const finish = (ending: Ending): void => {
      for (const cancel of cancels) cancel();
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve({ bytes: Buffer.concat(chunks), ending, spoke });
    };
    const abort = (): void => {
      finish('aborted');
    };
    const cancels = [
      clock.after(limits.deadlineMs, () => {
        finish('deadline');
      }),
    ];
    if (opening !== null && opening.afterMs > 0) cancels.push(clock.after(opening.afterMs, speak));
    signal.addEventListener('abort', abort, { once: true });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_DOCUMENT) finish('too-long');
    });
    socket.once('end', () => {
      finish('end');
    });
    socket.once('error', () => {
      finish('reset');
    });
    socket.once('close', () => {
      finish('reset');
    });
    if (signal.aborted) finish('aborted');
    else if (socket.destroyed) finish('reset');
    else if (opening?.afterMs === 0) speak();
  });
}
