import type { Dress } from './dress.js';
import type { LoggerSpec } from './logger-spec.js';
import type { FileSettings } from './sinks/log-file.js';

/** What the master does with the lines of the instance when it collects them. */
export interface LoggingSettings {
  /** Where they go. */
  readonly loggers: readonly LoggerSpec[];
  /** Opened once the master has given up root. */
  readonly late: readonly LoggerSpec[];
  /** Where the lines of requests go; null: where all go. */
  readonly requestLoggers: readonly LoggerSpec[] | null;
  readonly dress: Dress;
  readonly files: Omit<FileSettings, 'path'>;
  readonly truncate: boolean;
  /** Whether a reload opens files anew. */
  readonly reopenOnReload: boolean;
}
