import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';
import type {
  ProfileFrame,
  ProfileOrder,
  ProfileProgressFrame,
  RecordingKind,
} from '../../wire/profile-frames.js';
import type { ThreadMessage } from './thread.js';

/** Megabytes: 20,000 samples of a deep program stay well below. */
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 } as const;
/** How long a good profile's thread gets to end before its answer is given. */
const END_MS = 1000;

/** What keeps the main thread from everything else: its requests are not to pay for it. */
const BLOCKING: readonly RecordingKind[] = ['gc', 'heap-snapshot'];

/** Is told when the main thread is taken away from its requests, and given back. */
export interface Recesses {
  begin(): void;
  end(): void;
}

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
  answer: (frame: ProfileFrame | ProfileProgressFrame) => void,
  recess: Recesses,
): { record(order: ProfileOrder): void } {
  let isBusy = false;
  return {
    record(order) {
      const { id, kind } = order;
      if (isBusy) {
        answer({
          type: 'profile',
          id,
          problem: 'the last profile is not over: its thread waits for the main thread',
          found: '',
        });
        return;
      }
      isBusy = true;
      if (BLOCKING.includes(kind)) recess.begin();
      let told = ended('the thread that records it ended');
      let isAnswered = false;
      const settle = ({ problem, found }: End): void => {
        if (isAnswered) return;
        isAnswered = true;
        answer({ type: 'profile', id, problem, found });
      };
      const thread = new Worker(entry, {
        name: 'tsuwsgi profile',
        workerData: order,
        execArgv: [],
        env: {},
        resourceLimits: MEMORY,
      });
      thread.on('message', (message: ThreadMessage) => {
        if (message.type === 'stage') {
          answer({ type: 'profile-progress', id, stage: message.stage });
          return;
        }
        told = message;
        recess.end();
        afterMainTurn(() => {
          void thread.terminate();
        });
        // Whoever hears of its end can have the next one at once, if the main thread is as quick.
        setTimeout(settle, message.problem === null ? END_MS : 0, message);
      });
      thread.on('error', (error) => {
        told = ended(error.message);
      });
      thread.on('exit', () => {
        isBusy = false;
        recess.end();
        settle(told);
      });
    },
  };
}

type End = Extract<ThreadMessage, { type: 'end' }>;

function ended(problem: string): End {
  return { type: 'end', problem, found: '' };
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
