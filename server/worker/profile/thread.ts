import { closeSync, constants, openSync, unlinkSync, writeFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../shared/result.js';
import type { ProfileOrder } from '../../wire/profile-frames.js';

/**
 * The thread that records the main thread's CPU profile, through an inspector session: also while
 * the main thread is blocked. It is a thread of its own because a profile may be large, and what
 * runs out of memory then is this thread alone.
 */

/** How long the main thread gets to begin: it does at once unless it is inside native code. */
const BEGIN_MS = 5000;
/** How long it gets to hand the profile over; native code does so only when it returns. */
const END_MS = 20_000;
/** The usual pace of samples, and how many there may be. */
const PACE = { microseconds: 1000, samples: 20_000 } as const;

const { seconds, file } = workerData as ProfileOrder;

async function record(session: inspector.Session): Promise<void> {
  const pace = Math.max(PACE.microseconds, Math.ceil((seconds * 1e6) / PACE.samples));
  const begun = new Promise<void>((resolve, reject) => {
    const settle = (error: Error | null): void => {
      if (error === null) resolve();
      else reject(new Error(`the profile cannot begin: ${error.message}`));
    };
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: pace });
    session.post('Profiler.start', settle);
  });
  await within(begun, BEGIN_MS, 'it is in native code, where no profile can begin');
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const profile = await within(ended(session), END_MS, 'it is in native code, which does not end');
  save(JSON.stringify(profile));
}

function ended(session: inspector.Session): Promise<inspector.Profiler.Profile> {
  return new Promise((resolve, reject) => {
    session.post('Profiler.stop', (error, result) => {
      if (error === null) resolve(result.profile);
      else reject(new Error(`the profile was lost: ${error.message}`));
    });
  });
}

function within<T>(result: Promise<T>, ms: number, complaint: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(new Error(complaint));
    }, ms);
    result.then(resolve, reject).finally(() => {
      clearTimeout(limit);
    });
  });
}

/** Never writes into what is there already, or through a link. */
function save(text: string): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const fd = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeFileSync(fd, text);
  } catch (error) {
    // Half a profile opens nowhere, and takes the room that was missing.
    unlinkSync(file);
    throw error;
  } finally {
    closeSync(fd);
  }
}

const session = new inspector.Session();
session.connectToMainThread();
let problem: string | null = null;
try {
  await record(session);
} catch (error) {
  problem = messageOf(error);
}
session.disconnect();
// Whoever started this thread ends it (see there): until then the listener keeps it.
parentPort?.on('message', () => undefined);
parentPort?.postMessage(problem);
