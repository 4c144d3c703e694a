/** What the master tells a spooler process at its start, through one environment variable. */
export interface SpoolerConfig {
  /** From 1 on. */
  readonly id: number;
  /** The folder or the URL of its queue. */
  readonly queue: string;
  /** The path of the module with its tasks. */
  readonly module: string;
  /** Whether tasks are run one after the other, in all processes of the queue. */
  readonly ordered: boolean;
  /** How many tasks it runs at a time. */
  readonly concurrency: number;
  /** How often it looks at the queue when nothing tells of a change. */
  readonly frequencyMs: number;
  /** After how many tasks it is replaced; 0 for never. */
  readonly maxTasks: number;
  /** While it has nothing to tell it gives a sign of life after this, milliseconds. */
  readonly signMs: number;
  /** Whether the master reads what it logs. */
  readonly isCollected: boolean;
}

/** What a process is told that offers again what dead spoolers had, and does nothing else. */
export interface RecoveryConfig {
  readonly queue: string;
  readonly ordered: boolean;
  readonly isCollected: boolean;
}

/** Whether a process is to run tasks, and not only to take up what others left. */
export function runsTasks(config: SpoolerConfig | RecoveryConfig): config is SpoolerConfig {
  return 'module' in config;
}

/** The variable; a spooler deletes it before the tasks' module can see it. */
export const SPOOLER_VARIABLE = 'TSUWSGI_SPOOLER';

/** Takes the configuration out of the environment. */
export function readSpoolerConfig(): SpoolerConfig | RecoveryConfig {
  const text = process.env[SPOOLER_VARIABLE];
  if (text === undefined) throw new Error('a spooler is started by the tsuwsgi master only');
  Reflect.deleteProperty(process.env, SPOOLER_VARIABLE);
  return JSON.parse(text) as SpoolerConfig | RecoveryConfig;
}
