import type { Metronome } from './metronome.js';
import type { DeltaFrames, Snapshot } from './snapshot.js';

/** What a stream needs of the connection it writes to. */
export interface Outlet {
  send(message: string | Buffer): void;
  /** The same of a message that is a frame of the protocol already (text-frame.ts). */
  sendFrame(frame: Buffer): void;
  /** Bytes that were sent and are still in this process. */
  buffered(): number;
  /** Ends the connection; the reason goes to the client. */
  cut(reason: string): void;
}

/** The documents of one live client. */
export interface DocumentStream {
  /** Changes how often a document is sent, in milliseconds. */
  subscribe(intervalMs: number): void;
  /** Sends a whole document: now, or as soon as the client has taken the last one. */
  resync(): void;
  close(): void;
}

export interface DocumentStreamOptions {
  readonly outlet: Outlet;
  readonly newest: () => Snapshot;
  readonly deltas: DeltaFrames;
  readonly beats: Metronome<Snapshot>;
  /** The monotonic clock, milliseconds. */
  readonly now: () => number;
  readonly stalledMs: number;
}

/** Milliseconds between documents, until the client says otherwise. */
export const DEFAULT_INTERVAL_MS = 1000;

/** A client that asks for whole documents without end gets one in this time, milliseconds. */
export const RESYNC_PAUSE_MS = 100;

/**
 * Sends a snapshot at once, then a delta with every beat, also when nothing changed: so silence
 * always means trouble. A delta starts from the last document that was *sent*; while that one is
 * still waiting to leave, beats are skipped, and the next delta leads straight to the newest.
 * So at most one document waits for a slow client, and none after `stalledMs`.
 */
export function documentStream(options: DocumentStreamOptions): DocumentStream {
  const { outlet, deltas, beats, now } = options;
  let seq = 1;
  let sent = options.newest();
  let sentAt = now();
  let wantsWhole = false;
  outlet.send(sent.message(seq));

  const sendNext = (newest: Snapshot): void => {
    if (outlet.buffered() > 0) {
      if (now() - sentAt > options.stalledMs) outlet.cut('the documents are not being read');
      return;
    }
    seq++;
    if (wantsWhole) outlet.send(newest.message(seq));
    else outlet.sendFrame(deltas(sent, newest, seq));
    wantsWhole = false;
    sent = newest;
    sentAt = now();
  };

  let intervalMs = DEFAULT_INTERVAL_MS;
  let leave = beats.join(intervalMs, sendNext);
  let retry: NodeJS.Timeout | undefined;
  const sendWhole = (): void => {
    retry = undefined;
    if (!wantsWhole) return;
    if (outlet.buffered() === 0 && now() - sentAt >= RESYNC_PAUSE_MS) sendNext(options.newest());
    else retry = setTimeout(sendWhole, RESYNC_PAUSE_MS);
  };
  return {
    subscribe(wantedMs) {
      const rounded = Math.round(wantedMs);
      if (rounded === intervalMs) return;
      intervalMs = rounded;
      leave();
      leave = beats.join(intervalMs, sendNext);
    },
    resync() {
      wantsWhole = true;
      if (retry === undefined) sendWhole();
    },
    close() {
      leave();
      clearTimeout(retry);
    },
  };
}
