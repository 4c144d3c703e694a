import type { Log } from '../log.js';
import type { Logs } from './logs.js';

/** Opens the files of the log anew, or moves them away first; says so where there are none. */
export function changeLogFiles(
  logs: Pick<Logs, 'isCollecting' | 'reopen' | 'rotate'>,
  how: 'reopen' | 'rotate',
  log: Log,
): void {
  if (logs.isCollecting) logs[how]();
  else
    log('the log is standard error: there is no file to be opened anew; give --logto FILE', 'warn');
}
