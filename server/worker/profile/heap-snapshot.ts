import { bytes } from '../../../shared/units.js';
import { messageOf } from '../../../shared/result.js';
import { openRecording } from './recording-file.js';
import { called, obeying, type Recording } from './recording.js';

/** How often progress is told at most. */
const TOLD_MS = 250;

/**
 * Writes a heap snapshot of the main thread, piece by piece as V8 makes it: only the graph itself
 * is in memory, in native memory of this process. It has no time limit of its own: whoever
 * waits for it hears of its progress.
 */
export const writeHeapSnapshot: Recording = async (session, { file, room }, tell) => {
  await obeying(session, 'snapshot');
  const out = openRecording({ file, room });
  const problems: string[] = [];
  let toldAt = 0;
  const say = (stage: string): void => {
    const now = performance.now();
    if (now - toldAt < TOLD_MS) return;
    toldAt = now;
    tell(stage);
  };
  session.on('HeapProfiler.reportHeapSnapshotProgress', ({ params: { done, total } }) => {
    if (total > 0)
      say(`${Math.min(100, Math.round((100 * done) / total))} % of the heap is visited`);
  });
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ params: { chunk } }) => {
    // V8 cannot be stopped: what comes after a failure is let go.
    if (problems.length > 0) return;
    try {
      out.append(chunk);
      say(`${bytes(out.size())} are written`);
    } catch (error) {
      problems.push(messageOf(error));
    }
  });
  const begun = performance.now();
  try {
    await called((settle) => {
      session.post('HeapProfiler.takeHeapSnapshot', { reportProgress: true }, settle);
    }, 'the snapshot was lost');
    if (problems[0] !== undefined) throw new Error(problems[0]);
  } catch (error) {
    out.discard();
    throw error;
  }
  out.keep();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  return `${bytes(out.size())}, the worker was blocked for ${seconds} s`;
};
