import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';
import type { ProfileFrame, ProfileOrder } from '../../wire/profile-frames.js';

/** Megabytes: 20,000 samples of a deep program stay well below. */
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 } as const;
/** How long a good profile's thread gets to end before its answer is given. */
const END_MS = 1000;

/**
 * Carries out one order at a time in the monitor thread, and answers each once. `entry` is the
 * module of the thread that records: where it lies is known to the entry of the monitor thread,
 * which is packed (.ci/pack.mjs), and not to what is packed into it.
 *
 * The thread that recorded ends only when the main thread has let go of its session: Node aborts
 * the process when the main thread says so to a thread that is just ending (Node 20: its
 * `MainThreadInterface::Post` takes a shared pointer to what is being destroyed).
 */
export function createRecorder(
  entry: URL,
  answer: (frame: ProfileFrame) => void,
): { record(order: ProfileOrder): void } {
  let isBusy = false;
  return {
    record(order) {
      const { id } = order;
      if (isBusy) {
        answer({
          type: 'profile',
          id,
          problem: 'the last profile is not over: its thread waits for the main thread',
        });
        return;
      }
      isBusy = true;
      let told: string | null = 'the thread that records it ended';
      let isAnswered = false;
      const settle = (problem: string | null): void => {
        if (isAnswered) return;
        isAnswered = true;
        answer({ type: 'profile', id, problem });
      };
      const thread = new Worker(entry, {
        name: 'tsuwsgi profile',
        workerData: order,
        execArgv: [],
        env: {},
        resourceLimits: MEMORY,
      });
      thread.on('message', (problem: string | null) => {
        told = problem;
        afterMainTurn(() => {
          void thread.terminate();
        });
        // Whoever hears of its end can have the next one at once, if the main thread is as quick.
        setTimeout(settle, problem === null ? END_MS : 0, problem);
      });
      thread.on('error', (error) => {
        told = error.message;
      });
      thread.on('exit', () => {
        isBusy = false;
        settle(told);
      });
    },
  };
}

/**
 * Calls back when the main thread has done all that was asked of it through inspector sessions
 * before, which may be never. The session is the monitor thread's, which ends with the process.
 */
function afterMainTurn(done: () => void): void {
  const session = new inspector.Session();
  session.connectToMainThread();
  session.post('Schema.getDomains', () => {
    session.disconnect();
    done();
  });
}
