import type inspector from 'node:inspector';
import { saveRecording } from './recording-file.js';
import { BEGIN_MS, called, END_MS, pause, type Recording, within } from './recording.js';

/** The usual pace of samples, and how many there may be. */
const PACE = { microseconds: 1000, samples: 20_000 } as const;

/** Records what the main thread runs, also while it is blocked. */
export const recordCpu: Recording = async (session, { seconds, file, room }) => {
  const interval = Math.max(PACE.microseconds, Math.ceil((seconds * 1e6) / PACE.samples));
  const begun = called((settle) => {
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval });
    session.post('Profiler.start', settle);
  }, 'the profile cannot begin');
  await within(begun, BEGIN_MS, 'it is in native code, where no profile can begin');
  await pause(seconds);
  const profile = await within(ended(session), END_MS, 'it is in native code, which does not end');
  saveRecording({ file, room }, JSON.stringify(profile));
  return '';
};

function ended(session: inspector.Session): Promise<inspector.Profiler.Profile> {
  return new Promise((resolve, reject) => {
    session.post('Profiler.stop', (error, result) => {
      if (error === null) resolve(result.profile);
      else reject(new Error(`the profile was lost: ${error.message}`));
    });
  });
}
