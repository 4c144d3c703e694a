import { Socket } from 'node:net';
import { lineSplitter } from '../../wire/frames.js';
import type { MasterState } from '../decide/state.js';
import { bootVerdict } from '../decide/upgrade.js';
import type { TicketSecret } from '../tls/ticket-keys.js';
import { MASTER_LINK_FD } from './heritage.js';
import { decodePredecessorFrame, type SuccessorFrame, type WorkerTotals } from './link-frames.js';

/** The new master's side of an upgrade. */
export interface Predecessor {
  /** To be called with every new state, until it is clear whether this master can take over. */
  observe(state: MasterState): void;
  /** Settles when this master is the one: the old one said so, or is gone. */
  readonly takenOver: Promise<void>;
  /** Whether this master is still on trial. */
  isWaiting(): boolean;
  /** Whether the old master is still there. */
  isAlive(): boolean;
}

/** What comes over the link, and is more than a word. */
export interface Legacy {
  readonly onTotals: (workers: readonly WorkerTotals[]) => void;
  readonly onTickets: (secret: TicketSecret) => void;
}

/** Follows the old master whose link this process has inherited. */
export function followPredecessor(
  { onTotals, onTickets }: Legacy,
  log: (line: string) => void,
): Predecessor {
  const link = new Socket({ fd: MASTER_LINK_FD, readable: true, writable: true });
  let told = false;
  let waiting = true;
  let alive = true;
  let settle: () => void = () => undefined;
  const takenOver = new Promise<void>((resolve) => (settle = resolve));
  const takeOver = (): void => {
    waiting = false;
    settle();
  };
  const onGone = (): void => {
    if (!alive) return;
    alive = false;
    if (waiting) log('the old master is gone before it was told to go: taking over');
    takeOver();
  };
  const tell = (frame: SuccessorFrame): void => {
    told = true;
    link.write(`${JSON.stringify(frame)}\n`);
  };
  const lines = lineSplitter((line) => {
    const frame = decodePredecessorFrame(line);
    if (frame?.type === 'go') takeOver();
    else if (frame?.type === 'tickets') onTickets(frame);
    else if (frame !== null) onTotals(frame.workers);
  });
  link.setEncoding('utf8');
  link.on('data', (chunk: string) => {
    lines.push(chunk);
  });
  link.on('end', onGone);
  link.on('error', onGone);
  link.on('close', onGone);
  return {
    observe(state) {
      if (told) return;
      const verdict = bootVerdict(state);
      if (verdict.type === 'ready') tell({ type: 'ready' });
      // It goes on until the old master ends it: should that one die meanwhile, this one is all
      // there is.
      else if (verdict.type === 'failed') tell(verdict);
    },
    takenOver,
    isWaiting: () => waiting,
    isAlive: () => alive,
  };
}
