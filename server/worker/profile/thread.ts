import inspector from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../shared/result.js';
import type { ProfileOrder, RecordingKind } from '../../wire/profile-frames.js';
import { recordCpu } from './cpu.js';
import { collectGarbage } from './gc.js';
import { profileHeap } from './heap-profile.js';
import { writeHeapSnapshot } from './heap-snapshot.js';
import type { Recording } from './recording.js';

/**
 * The thread that records the main thread through an inspector session: also while the main thread
 * is blocked. It is a thread of its own because a profile may be large, and what runs out of memory
 * then is this thread alone.
 */

/** What the thread says to whoever started it. */
export type ThreadMessage =
  | { readonly type: 'stage'; readonly stage: string }
  | { readonly type: 'end'; readonly problem: string | null; readonly found: string };

const RECORDINGS: Readonly<Record<RecordingKind, Recording>> = {
  cpu: recordCpu,
  gc: collectGarbage,
  'heap-snapshot': writeHeapSnapshot,
  'heap-profile': profileHeap,
};

const order = workerData as ProfileOrder;
const tell = (message: ThreadMessage): void => {
  parentPort?.postMessage(message);
};

// An answer of the main thread that is waited for keeps no thread; the listener does, until whoever
// started this one ends it (see there).
parentPort?.on('message', () => undefined);
const session = new inspector.Session();
session.connectToMainThread();
let problem: string | null = null;
let found = '';
try {
  found = await RECORDINGS[order.kind](session, order, (stage) => {
    tell({ type: 'stage', stage });
  });
} catch (error) {
  problem = messageOf(error);
}
session.disconnect();
tell({ type: 'end', problem, found });
