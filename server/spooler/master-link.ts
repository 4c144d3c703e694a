import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { LINK_FD, lineSplitter } from '../wire/frames.js';
import {
  decodeSpoolerOrder,
  encodeSpoolerFrame,
  type SpoolerFrame,
  type SpoolerOrder,
} from '../wire/spooler-frames.js';

/** How often what could not be written is tried again. */
const AGAIN_MS = 100;

/** A master that does not read is left with this much unsaid, in characters. */
const MOST_UNSAID = 1024 * 1024;

/** Who is behind the link. */
export interface LinkListener {
  readonly signMs: number;
  readonly obey: (order: SpoolerOrder) => void;
  /** The master is gone; called once. */
  readonly orphaned: () => void;
}

/** A spooler's side of the link to its master. */
export interface MasterLink {
  /** It is with the kernel when this returns, unless the master does not read. */
  send(frame: SpoolerFrame): void;
}

/** Opens the inherited link; a sign of life is given for as long as the process lives. */
export function openMasterLink(listener: LinkListener): MasterLink {
  const link = new Socket({ fd: LINK_FD, readable: true, writable: true });
  let isOrphan = false;
  const onGone = (): void => {
    if (isOrphan) return;
    isOrphan = true;
    listener.orphaned();
  };
  const lines = lineSplitter((line) => {
    const order = decodeSpoolerOrder(line);
    if (order !== null) listener.obey(order);
  });
  link.setEncoding('utf8');
  link.on('data', (chunk: string) => {
    lines.push(chunk);
  });
  for (const event of ['end', 'error', 'close']) link.on(event, onGone);
  const writer = createSyncWriter((bytes) => writeSync(LINK_FD, bytes));
  setInterval(writer.flush, AGAIN_MS).unref();
  setInterval(() => {
    writer.write(encodeSpoolerFrame({ type: 'same' }));
  }, listener.signMs);
  return {
    send(frame) {
      writer.write(encodeSpoolerFrame(frame));
    },
  };
}

/** Writes lines past the event loop, so that they are told although the next thing blocks it. */
export interface SyncWriter {
  write(line: string): void;
  /** Tries once more to write what the other side had no room for. */
  readonly flush: () => void;
}

/** `write` writes what it can and says how many bytes that were; it throws when it cannot. */
export function createSyncWriter(write: (bytes: Buffer) => number): SyncWriter {
  let unsaid = Buffer.alloc(0);
  const flush = (): void => {
    try {
      while (unsaid.length > 0) unsaid = unsaid.subarray(write(unsaid));
    } catch {
      // The master has no room now (EAGAIN), or is gone: then nobody is left to be told.
    }
  };
  return {
    write(line) {
      if (unsaid.length < MOST_UNSAID) unsaid = Buffer.concat([unsaid, Buffer.from(line)]);
      flush();
    },
    flush,
  };
}
