import { err, ok, type Result } from '../../shared/result.js';
import type { Recorder } from '../client/recorder.js';
import { parseTarget, type Target } from '../client/target.js';
import { withTlsFiles } from '../client/tls.js';
import { readTargets } from './targets-file.js';
import { recordingSource, recorderOf, serverSource, type Source } from './source.js';
import type { TopOptions } from '../options.js';

/** What is to be shown, with everything that could be wrong about it found out. */
export interface Job {
  readonly options: TopOptions;
  /** Null: a recording. */
  readonly target: Target | null;
  /** All servers, the target first; empty with a recording. */
  readonly servers: readonly Target[];
  readonly recorder: Recorder | null;
}

/** Reads the address, and opens the files that were named. The error is what to print. */
export function prepare(given: TopOptions): Result<Job, string> {
  const named = given.targets === undefined ? ok([]) : readTargets(given.targets);
  if (!named.ok) return named;
  const addresses = [...given.addresses, ...named.value];
  const options = { ...given, addresses, address: addresses[0] ?? given.address };
  const targets = targetsOf(options);
  if (!targets.ok) return targets;
  const recorder = recorderOf(options);
  if (!recorder.ok) return recorder;
  const servers = targets.value;
  return ok({ options, target: servers[0] ?? null, servers, recorder: recorder.value });
}

function targetsOf(options: TopOptions): Result<readonly Target[], string> {
  if (options.replay !== undefined) return ok([]);
  const targets: Target[] = [];
  for (const address of options.addresses) {
    const parsed = parseTarget(address);
    const target = parsed.ok ? withTlsFiles(parsed.value, options) : err(parsed.error);
    if (!target.ok) return target;
    targets.push(target.value);
  }
  return ok(targets);
}

/** Opens where the documents come from. The error is what to print. */
export async function openSource({ target, options }: Job): Promise<Result<Source, string>> {
  if (target !== null) return ok(serverSource(target, options));
  return recordingSource(options.address, options);
}
