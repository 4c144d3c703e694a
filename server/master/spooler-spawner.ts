import { type SpoolerConfig, SPOOLER_VARIABLE } from '../spooler/config.js';
import {
  decodeSpoolerFrame,
  encodeSpoolerFrame,
  type SpoolerFrame,
  type SpoolerOrder,
} from '../wire/spooler-frames.js';
import {
  createLinkedProcesses,
  type LinkedProcesses,
  type LinkListener,
} from './linked-processes.js';

/** How spoolers are started. */
export interface SpoolerStart {
  /** The path of the program. */
  readonly entry: string;
  /** User and group; null for those of the master. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** What stands in their environment besides that of the master. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface SpoolerSpawner extends Pick<LinkedProcesses<SpoolerOrder>, 'send' | 'kill'> {
  /** Starts a process; its pid, or undefined when it failed (then `failed` is called). */
  spawn(config: SpoolerConfig): number | undefined;
}

/** The only place that starts and signals spooler processes. */
export function createSpoolerSpawner(
  start: SpoolerStart,
  listener: LinkListener<SpoolerFrame>,
): SpoolerSpawner {
  const protocol = { decode: decodeSpoolerFrame, encode: encodeSpoolerFrame };
  const processes = createLinkedProcesses<SpoolerFrame, SpoolerOrder>(listener, protocol);
  return {
    spawn: (config) =>
      processes.start(config.id, [...process.execArgv, start.entry], {
        stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
        env: {
          ...process.env,
          ...start.environment,
          [SPOOLER_VARIABLE]: JSON.stringify(config),
        },
        // As workers: what a terminal sends reaches the master only.
        detached: true,
        ...start.owner,
      }),
    send: processes.send,
    kill: processes.kill,
  };
}
