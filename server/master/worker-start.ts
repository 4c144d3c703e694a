import { workerHeaderSize } from '../options/request-limits.js';
import type { Options } from '../options/table.js';
import type { ApplicationStart } from './application-start.js';
import type { WorkerStart } from './spawner.js';
import { queuesEnvironment } from './spoolers.js';
import { openTallies } from './tallies.js';
import { workerFlags } from './v8-flags.js';

/** What the surroundings of a master say of how its workers are started. */
export interface WorkerSurroundings {
  readonly workerEntry: string;
  readonly children: WorkerStart['owner'];
  readonly logs: WorkerStart['output'];
  readonly application: ApplicationStart;
}

/** How workers are started. */
export function workerStart(
  options: () => Options,
  { workerEntry: entry, children: owner, logs: output, application }: WorkerSurroundings,
): WorkerStart {
  const inherited = process.env['NODE_OPTIONS'] ?? '';
  const { flags: own, folder, launcher } = application;
  const flags = (): readonly string[] => [
    ...workerFlags([...process.execArgv, ...own], inherited, options()['young-generation']),
    `--max-http-header-size=${workerHeaderSize(options())}`,
  ];
  return {
    ...{ entry, flags, folder, launcher, owner, output },
    tallies: openTallies(),
    environment: queuesEnvironment(options()),
  };
}
