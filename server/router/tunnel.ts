import type { Duplex } from 'node:stream';
import { responseFields } from './response-fields.js';
import type { ResponseHead } from './response-head.js';

/** How many tunnels there are. */
export class Tunnels {
  readonly #onClosed: () => void;
  #size = 0;

  /** `onClosed` is told of the end of each. */
  constructor(onClosed: () => void) {
    this.#onClosed = onClosed;
  }

  get size(): number {
    return this.#size;
  }

  /** Counts one until what comes back is called. */
  open(): () => void {
    this.#size++;
    return () => {
      this.#size--;
      this.#onClosed();
    };
  }
}

/** Both ends of a tunnel, and what came early on each. */
export interface TunnelEnds {
  readonly client: Duplex;
  readonly worker: Duplex;
  /** What the client sent behind its request. */
  readonly fromClient: Buffer;
  /** What the worker sent behind its answer. */
  readonly fromWorker: Buffer;
  /** Breaks the client's end where the worker's broke; without it, as any stream is broken. */
  readonly cutClient?: () => void;
}

/** The answer 101 as the client gets it. */
export function switchingText(head: ResponseHead): string {
  const { reason, rawHeaders } = head;
  let text = `HTTP/1.1 101 ${reason}\r\n`;
  const protocol: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === 'upgrade') protocol.push(rawHeaders[i + 1] ?? '');
  }
  if (protocol.length > 0) text += `Connection: Upgrade\r\nUpgrade: ${protocol.join(', ')}\r\n`;
  const fields = responseFields(head, false);
  for (let i = 0; i < fields.length; i += 2)
    text += `${fields[i] ?? ''}: ${fields[i + 1] ?? ''}\r\n`;
  return `${text}\r\n`;
}

/**
 * Passes bytes on in both directions, each no faster than it is read, until both are closed. An end
 * of one direction leaves the other open; a break of one end breaks the other.
 */
export function openTunnel(ends: TunnelEnds, onClose: () => void): void {
  const { client, worker, fromClient, fromWorker } = ends;
  if (fromClient.length > 0) worker.write(fromClient);
  if (fromWorker.length > 0) client.write(fromWorker);
  let open = 2;
  const join = (one: Duplex, other: Duplex, cut: () => void): void => {
    one.on('error', cut);
    one.once('close', () => {
      if (one.readableEnded) endSoon(other);
      else cut();
      if (--open === 0) onClose();
    });
    one.pipe(other);
  };
  join(client, worker, () => {
    worker.destroy();
  });
  join(worker, client, ends.cutClient ?? (() => client.destroy()));
}

/** What was written is still sent; nothing more is read. */
function endSoon(stream: Duplex): void {
  if (stream.writableFinished) stream.destroy();
  else stream.once('finish', () => stream.destroy()).end();
}
