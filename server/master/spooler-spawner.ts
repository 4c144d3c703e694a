import type { SpawnOptions } from 'node:child_process';
import { type RecoveryConfig, type SpoolerConfig, SPOOLER_VARIABLE } from '../spooler/config.js';
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
import type { ApplicationStart } from './application-start.js';
import { outputOf, type OutputReader, spawnNode } from './spawn-process.js';

/** How spoolers are started. */
export interface SpoolerStart {
  /** The path of the program. */
  readonly entry: string;
  /** User and group; null for those of the master. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Their folder, limits and flags. */
  readonly application: ApplicationStart;
  /** What stands in their environment besides that of the master. */
  readonly environment: Readonly<Record<string, string>>;
  /** Who reads what they log. */
  readonly output: OutputReader;
}

/** As it is known before anybody knows who reads its output. */
type Uncollected<Config> = Omit<Config, 'isCollected'>;

export interface SpoolerSpawner extends Pick<LinkedProcesses<SpoolerOrder>, 'send' | 'kill'> {
  /** Starts a process; its pid, or undefined when it failed (then `failed` is called). */
  spawn(config: Uncollected<SpoolerConfig>): number | undefined;
  /** Starts a process that offers again what dead spoolers had, and ends; then `onEnd` is called. */
  recover(config: Uncollected<RecoveryConfig>, onEnd: () => void): void;
}

/** The only place that starts and signals spooler processes. */
export function createSpoolerSpawner(
  start: SpoolerStart,
  listener: LinkListener<SpoolerFrame>,
): SpoolerSpawner {
  const protocol = { decode: decodeSpoolerFrame, encode: encodeSpoolerFrame };
  const { output } = start;
  const processes = createLinkedProcesses<SpoolerFrame, SpoolerOrder>(listener, protocol, {
    process: 'spooler',
    output,
  });
  const optionsFor = (
    config: Uncollected<SpoolerConfig> | Uncollected<RecoveryConfig>,
    further: readonly 'pipe'[],
  ): SpawnOptions => ({
    stdio: [...outputOf(output), ...further],
    env: {
      ...process.env,
      ...start.environment,
      [SPOOLER_VARIABLE]: JSON.stringify({ ...config, isCollected: output.isCollecting }),
    },
    // As workers: what a terminal sends reaches the master only.
    detached: true,
    ...(start.application.folder !== undefined && { cwd: start.application.folder }),
    ...start.owner,
  });
  const { flags, launcher } = start.application;
  const args = [...process.execArgv, ...flags, start.entry];
  const plain = [...process.execArgv, start.entry];
  return {
    spawn: (config) => processes.start(config.id, args, optionsFor(config, ['pipe']), { launcher }),
    recover(config, onEnd) {
      const started = spawnNode(plain, optionsFor(config, []));
      // What keeps it from being started is told of the successor, which then recovers the queue.
      if (!started.ok) {
        onEnd();
        return;
      }
      started.value.once('error', onEnd);
      started.value.once('exit', onEnd);
      void output.collect(started.value, { process: 'spooler', id: null }, null);
      // It ends by itself: a master that has nothing else to wait for leaves before.
      started.value.unref();
    },
    send: processes.send,
    kill: processes.kill,
  };
}
