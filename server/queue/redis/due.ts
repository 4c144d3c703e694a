/** BullMQ has times in its scores, and 12 bits to tell those of a millisecond apart. */
export const SCORES_A_MS = 4096;

/** The score up to which tasks for later are due. */
export const lastScoreDue = (now: number): number => (now + 1) * SCORES_A_MS - 1;

/** The fields of a job that tell since when it waits. */
export const DUE_FIELDS = ['timestamp', 'opts', 'processedOn'] as const;

/** When a job was due, or, where it has run since, when that began; Infinity: there is no such job. */
export function dueOf([timestamp, options, began]: readonly (string | null)[]): number {
  if (timestamp === null || timestamp === undefined) return Infinity;
  return Math.max(Number(timestamp) + delayIn(options ?? ''), Number(began ?? 0));
}

function delayIn(options: string): number {
  try {
    const { delay } = JSON.parse(options) as { delay?: unknown };
    return typeof delay === 'number' ? delay : 0;
  } catch {
    return 0;
  }
}
