import type { Launcher } from './daemon/launcher.js';
import type { LevelledLog } from './log.js';
import type { Logs } from './logging/logs.js';
import type { ApplicationStart } from './master/application-start.js';
import type { InheritedSocket } from './master/upgrade/heritage.js';
import type { Origin } from './master/upgrade/origin.js';
import type { LogFileOwner } from './options/logging.js';
import type { ReadAgain } from './options/reading.js';
import type { Options } from './options/table.js';
import type { Owner, OwnershipPlan } from './ownership/plan.js';
import type { Service } from './systemd/service.js';

/** What an instance is started with. */
export interface Setting {
  readonly options: Options;
  readonly log: LevelledLog;
  readonly logs: Logs;
  /** Whose the files of the log are, and where. */
  readonly logFiles: LogFileOwner;
  readonly plan: OwnershipPlan;
  /** Who this process is when it starts. */
  readonly self: Owner;
  /** What this process was before its options changed it. */
  readonly origin: Origin;
  /** How workers and spoolers are started. */
  readonly application: ApplicationStart;
  /** The service manager that is told how this instance is. */
  readonly service: Service;
  /** Who waits until this instance serves; null for nobody. */
  readonly launcher: Launcher | null;
  /** `--pidfile`, absolute. */
  readonly pidFile: string | undefined;
  readonly reading: ReadAgain;
}

/** What an instance finds when it starts. */
export interface StartedAs {
  /** Whether no master was before it. */
  readonly isFirst: boolean;
  /** Sockets for the stats server, of the master before or of a service manager. */
  readonly statsLeft: InheritedSocket[];
}
