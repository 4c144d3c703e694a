import type { Job } from 'bullmq';
import type { FailedRun } from '../admin.js';

/** Of an error its beginning is kept. */
const MOST_ERROR = 16 * 1024;

/** BullMQ takes no further retry after an error of this name. */
const FINAL = 'UnrecoverableError';

/** What BullMQ keeps of a failed run: its error's message, and one line a run as its stack. */
export function errorOf(attempt: number, text: string, isFinal: boolean): Error {
  const cut = text.slice(0, MOST_ERROR);
  const error = new Error(cut.split('\n', 1)[0]);
  if (isFinal) error.name = FINAL;
  const run: FailedRun = { attempt, at: Date.now(), error: cut };
  error.stack = JSON.stringify(run);
  return error;
}

/** The runs that failed, of what BullMQ keeps as stacks. */
export function readFailures(stacks: readonly string[]): FailedRun[] {
  return stacks.flatMap((line) => {
    try {
      const { attempt, at, error } = JSON.parse(line) as Partial<FailedRun>;
      const isRun = typeof attempt === 'number' && typeof at === 'number';
      return isRun && typeof error === 'string' ? [{ attempt, at, error }] : [];
    } catch {
      return [];
    }
  });
}

/** Puts a job that was just taken with the failed ones. */
export async function giveUp(job: Job, attempt: number, why: string): Promise<void> {
  await job.moveToFailed(errorOf(attempt, why, true), job.token ?? '');
}
