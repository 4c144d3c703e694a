import type { OptionRow, OptionValues } from '../../shared/options.js';
import type { Problem } from '../../shared/problem.js';
import { APPLICATION_OPTIONS } from './rows/application.js';
import { CONFIGURATION_OPTIONS } from './rows/configuration.js';
import { HARAKIRI_OPTIONS } from './rows/harakiri.js';
import { HTTP_OPTIONS } from './rows/http.js';
import { LIMIT_OPTIONS } from './rows/limits.js';
import { LOGGING_OPTIONS } from './rows/logging.js';
import { OPERATION_OPTIONS } from './rows/operations.js';
import { OWNERSHIP_OPTIONS } from './rows/ownership.js';
import { PROCESS_OPTIONS } from './rows/processes.js';
import { RECYCLING_OPTIONS } from './rows/recycling.js';
import { RELOADING_OPTIONS } from './rows/reloading.js';
import { RUNNING_OPTIONS } from './rows/running.js';
import { SCALING_OPTIONS } from './rows/scaling.js';
import { SOCKET_OPTIONS } from './rows/sockets.js';
import { SPOOLER_OPTIONS } from './rows/spooler.js';
import { STATIC_OPTIONS } from './rows/static.js';
import { STATS_OPTIONS } from './rows/stats.js';

/** A row whose check tells problems of the table only. */
interface CheckedRow extends OptionRow {
  readonly check?: (value: string) => Problem | null;
}

/** Every option of `tsuwsgi`, once: command line, ini files, `--help` and types come from here. */
export const OPTIONS = [
  ...SOCKET_OPTIONS,
  ...HTTP_OPTIONS,
  ...STATIC_OPTIONS,
  ...LIMIT_OPTIONS,
  ...APPLICATION_OPTIONS,
  ...PROCESS_OPTIONS,
  ...HARAKIRI_OPTIONS,
  ...RECYCLING_OPTIONS,
  ...RELOADING_OPTIONS,
  ...SCALING_OPTIONS,
  ...SPOOLER_OPTIONS,
  ...OWNERSHIP_OPTIONS,
  ...OPERATION_OPTIONS,
  ...STATS_OPTIONS,
  ...LOGGING_OPTIONS,
  ...CONFIGURATION_OPTIONS,
  ...RUNNING_OPTIONS,
] as const satisfies readonly CheckedRow[];

/** The values of all options. */
export type Options = OptionValues<typeof OPTIONS>;
