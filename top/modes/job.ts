import { err, ok, type Result } from '../../shared/result.js';
import type { Recorder } from '../client/recorder.js';
import { parseTarget, type Target } from '../client/target.js';
import { withTlsFiles } from '../client/tls.js';
import { recordingSource, recorderOf, serverSource, type Source } from './source.js';
import type { TopOptions } from '../options.js';

/** What is to be shown, with everything that could be wrong about it found out. */
export interface Job {
  readonly options: TopOptions;
  /** Null: a recording. */
  readonly target: Target | null;
  readonly recorder: Recorder | null;
}

/** Reads the address, and opens the files that were named. The error is what to print. */
export function prepare(options: TopOptions): Result<Job, string> {
  const target = targetOf(options);
  if (!target.ok) return target;
  const recorder = recorderOf(options);
  if (!recorder.ok) return recorder;
  return ok({ options, target: target.value, recorder: recorder.value });
}

function targetOf(options: TopOptions): Result<Target | null, string> {
  if (options.replay !== undefined) return ok(null);
  const parsed = parseTarget(options.address);
  return parsed.ok ? withTlsFiles(parsed.value, options) : err(parsed.error);
}

/** Opens where the documents come from. The error is what to print. */
export async function openSource({ target, options }: Job): Promise<Result<Source, string>> {
  if (target !== null) return ok(serverSource(target, options));
  return recordingSource(options.address, options);
}
