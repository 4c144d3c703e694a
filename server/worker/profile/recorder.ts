import { Worker } from 'node:worker_threads';
import type { ProfileFrame, ProfileOrder } from '../../wire/profile-frames.js';

/** Megabytes: 20,000 samples of a deep program stay well below. */
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 } as const;

/** Carries out one order at a time in the monitor thread, and answers each once. */
export function createRecorder(answer: (frame: ProfileFrame) => void): {
  record(order: ProfileOrder): void;
} {
  let isBusy = false;
  return {
    record(order) {
      const { id } = order;
      if (isBusy) {
        answer({ type: 'profile', id, problem: 'another profile is being recorded' });
        return;
      }
      isBusy = true;
      let problem: string | null = 'the thread that records it ended';
      const thread = new Worker(new URL('./thread.js', import.meta.url), {
        name: 'tsuwsgi profile',
        workerData: order,
        execArgv: [],
        env: {},
        resourceLimits: MEMORY,
      });
      thread.on('message', (told: string | null) => {
        problem = told;
      });
      thread.on('error', (error) => {
        problem = error.message;
      });
      thread.on('exit', () => {
        isBusy = false;
        answer({ type: 'profile', id, problem });
      });
    },
  };
}
