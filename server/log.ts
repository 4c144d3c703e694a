import { LOG_LEVELS, type LogLevel } from '../shared/commands.js';

/** How much a line matters. `audit`, who controlled what, is written whatever the level is. */
export type Severity = LogLevel | 'audit';

/**
 * Writes one line to the log, as `info` unless it is said. Worker and master share standard error,
 * as uWSGI's processes do; the level is that of the master's own lines.
 */
export type Log = (line: string, severity?: Severity) => void;

/** A log whose level can be changed while it is written. */
export interface LevelledLog extends Log {
  level: LogLevel;
}

const DEFAULT_LEVEL: LogLevel = 'info';

/** A log on a stream; a reader that is gone must not end the master, so errors are swallowed there. */
export function streamLog(stream: NodeJS.WritableStream): LevelledLog {
  stream.on('error', () => undefined);
  const write: Log = (line, severity = 'info') => {
    if (isWritten(severity, log.level)) stream.write(`${line}\n`);
  };
  const log: LevelledLog = Object.assign(write, { level: DEFAULT_LEVEL });
  return log;
}

function isWritten(severity: Severity, level: LogLevel): boolean {
  return severity === 'audit' || LOG_LEVELS.indexOf(severity) <= LOG_LEVELS.indexOf(level);
}
