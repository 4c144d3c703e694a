import type inspector from 'node:inspector';
import { describeTop } from './top-allocators.js';
import { saveRecording } from './recording-file.js';
import { called, END_MS, obeying, pause, type Recording, within } from './recording.js';

/** Bytes between two samples, on average: V8's own, which costs next to nothing. */
const INTERVAL = 32_768;

/**
 * Samples what the main thread allocates, what is garbage again by the end included: who makes
 * work for the collector is asked as often as who leaks.
 */
export const profileHeap: Recording = async (session, { seconds, file, room }) => {
  await obeying(session, 'profile');
  await called((settle) => {
    const options = {
      samplingInterval: INTERVAL,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    };
    session.post('HeapProfiler.startSampling', options, settle);
  }, 'the profile cannot begin');
  await pause(seconds);
  const profile = await within(ended(session), END_MS, 'it is in native code, which does not end');
  saveRecording({ file, room }, JSON.stringify(profile));
  return describeTop(profile);
};

function ended(session: inspector.Session): Promise<inspector.HeapProfiler.SamplingHeapProfile> {
  return new Promise((resolve, reject) => {
    session.post('HeapProfiler.stopSampling', (error, result) => {
      if (error === null) resolve(result.profile);
      else reject(new Error(`the profile was lost: ${error.message}`));
    });
  });
}
