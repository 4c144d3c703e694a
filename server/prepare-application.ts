import path from 'node:path';
import type { Problem } from '../shared/problem.js';
import { err, messageOf, ok, type Result } from '../shared/result.js';
import {
  type ApplicationStart,
  applicationStart,
  importProblem,
  probeStart,
} from './master/application-start.js';
import type { Origin } from './master/upgrade/origin.js';
import { readVariables } from './options/variables.js';
import { inspectRefusal, isLoopback, readInspect } from './options/inspect.js';
import type { Options } from './options/table.js';
import type { Log } from './log.js';
import type { OwnershipPlan } from './ownership/plan.js';
import { START_PROBLEMS } from './problems/application.js';

/**
 * Takes over `--env` and `--chdir` for this process and all it starts, and makes sure that workers
 * can be started as they are to be. Called once, before anything is bound.
 */
export function prepareApplication(
  options: Options,
  plan: OwnershipPlan,
  origin: Origin,
  log: Log,
): Result<ApplicationStart, Problem> {
  Object.assign(process.env, readVariables(options.env));
  const folder =
    options.chdir === undefined ? undefined : path.resolve(origin.folder, options.chdir);
  try {
    if (folder !== undefined) process.chdir(folder);
  } catch (error) {
    return err(START_PROBLEMS.folderClosed(options.chdir ?? '', folder ?? '', reasonOf(error)));
  }
  if (folder !== undefined) log(`chdir() to ${folder}`);
  const start = applicationStart(options, folder);
  const problem =
    inspectRefusal(options, plan.staysRoot) ?? importProblem(options.import, process.cwd());
  if (problem !== null) return err(problem);
  const owner = plan.children ?? plan.master;
  const probed = probeStart(start, { nice: options['worker-nice'] ?? 0, owner });
  if (!probed.ok) return probed;
  warnOfInspectors(options, log);
  return ok(start);
}

/** Node names the folder it comes from and the one it goes to: here there is one. */
function reasonOf(error: unknown): string {
  return messageOf(error).replace(/, chdir .*/s, '');
}

function warnOfInspectors({ inspect }: Options, log: Log): void {
  const place = inspect === undefined ? null : readInspect(inspect);
  if (place?.ok !== true) return;
  const { host } = place.value;
  const who = isLoopback(host) ? 'this machine' : `the network (${host})`;
  log(
    `--inspect: whoever on ${who} can connect runs code in the workers; a worker that stands at a breakpoint answers nothing, and --harakiri kills it: not for production`,
    'warn',
  );
}
