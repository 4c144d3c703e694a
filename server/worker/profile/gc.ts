import type inspector from 'node:inspector';
import { bytes } from '../../../shared/units.js';
import { called, obeying, type Recording, within } from './recording.js';

/**
 * How long a collection may take: a heap of gigabytes takes seconds. V8 begins it when the loop turns,
 * and not, as the other recordings, in the middle of JavaScript that runs.
 */
const COLLECT_MS = 10_000;

/** What `Runtime.getHeapUsage` answers, which Node's types leave out. */
interface HeapUsage {
  readonly usedSize: number;
  readonly totalSize: number;
}

interface Usage extends HeapUsage {
  readonly rss: number;
}

/** Collects all garbage of the main thread, and tells what that changed. */
export const collectGarbage: Recording = async (session) => {
  await obeying(session, 'collection');
  const before = await usageOf(session);
  const begun = performance.now();
  const collected = called((settle) => {
    session.post('HeapProfiler.collectGarbage', settle);
  }, 'the garbage was not collected');
  await within(
    collected,
    COLLECT_MS,
    'its loop is blocked: the garbage is collected when it turns again',
  );
  const ms = Math.round(performance.now() - begun);
  return inWords(before, await usageOf(session), ms);
};

/** As in `heap 120M before, 40M after; heap with its free room 130M before, ...; it took 84 ms`. */
export function inWords(before: Usage, after: Usage, ms: number): string {
  const change = (of: keyof Usage): string =>
    `${bytes(before[of])} before, ${bytes(after[of])} after`;
  return `heap ${change('usedSize')}; heap with its free room ${change('totalSize')}; RSS ${change('rss')}; it took ${ms} ms`;
}

/** The heap is the main thread's; RSS is the process's, whichever thread asks. */
function usageOf(session: inspector.Session): Promise<Usage> {
  return new Promise((resolve, reject) => {
    session.post('Runtime.getHeapUsage', (error, usage) => {
      const rss = process.memoryUsage.rss();
      if (error === null) resolve({ ...(usage as HeapUsage), rss });
      else reject(new Error(`the size of the heap is not known: ${error.message}`));
    });
  });
}
