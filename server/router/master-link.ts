import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { LINK_FD, lineSplitter } from '../wire/frames.js';
import {
  decodeRouterOrder,
  encodeRouterFrame,
  type RouterFiguresFrame,
  type RouterFrame,
  type RouterOrder,
} from '../wire/router-frames.js';

/** How often figures that have changed are told. */
const FIGURES_MS = 200;

/** A router's side of the link to its master. */
export interface MasterLink {
  send(frame: RouterFrame): void;
  /** Sends a frame at once, for what may be the last that this process does. */
  sendNow(frame: RouterFrame): void;
}

/** Who is behind the link. */
export interface LinkListener {
  readonly figures: () => RouterFiguresFrame;
  readonly signMs: number;
  readonly obey: (order: RouterOrder) => void;
  /** The master is gone; called once. */
  readonly orphaned: () => void;
}

/** Opens the inherited link, and tells the figures on it for as long as the process lives. */
export function openMasterLink(listener: LinkListener): MasterLink {
  const link = new Socket({ fd: LINK_FD, readable: true, writable: true });
  let isOrphan = false;
  const onGone = (): void => {
    if (isOrphan) return;
    isOrphan = true;
    listener.orphaned();
  };
  const lines = lineSplitter((line) => {
    const order = decodeRouterOrder(line);
    if (order !== null) listener.obey(order);
  });
  link.setEncoding('utf8');
  link.on('data', (chunk: string) => {
    lines.push(chunk);
  });
  for (const event of ['end', 'error', 'close']) link.on(event, onGone);
  const figures = (): string => {
    return encodeRouterFrame({ type: 'figures', figures: listener.figures() });
  };
  let last = '';
  let saidAt = performance.now();
  setInterval(() => {
    // A master that does not read must not make this process grow: the next frame has it all.
    if (link.writableNeedDrain || isOrphan) return;
    const text = figures();
    const now = performance.now();
    if (text === last && now - saidAt < listener.signMs) return;
    link.write(text === last ? encodeRouterFrame({ type: 'same' }) : text);
    last = text;
    saidAt = now;
  }, FIGURES_MS);
  process.on('exit', () => {
    tellLast(figures());
  });
  return {
    send: (frame) => void link.write(encodeRouterFrame(frame)),
    sendNow(frame) {
      tellLast(encodeRouterFrame(frame));
    },
  };
}

function tellLast(line: string): void {
  try {
    // The stream may have stopped in the middle of a line: an empty one ends it.
    writeSync(LINK_FD, `\n${line}`);
  } catch {
    // The master does not read, or is gone: nobody is left to be told.
  }
}
