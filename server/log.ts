import { LOG_LEVELS, type LogLevel } from '../shared/commands.js';

/** How much a line matters. `audit`, who controlled what, is written whatever the level is. */
export type Severity = LogLevel | 'audit';

/**
 * Writes one line to the log, as `info` unless it is said. Worker and master share standard error,
 * as uWSGI's processes do, unless the master collects (server/logging/); the level is that of the
 * master's own lines.
 */
export type Log = (line: string, severity?: Severity) => void;

/** A log whose level can be changed while it is written. */
export interface LevelledLog extends Log {
  level: LogLevel;
  /** Sends what is written from now on somewhere else. */
  redirect(write: Write): void;
}

/** Takes a line that the level lets through. */
export type Write = (line: string, severity: Severity) => void;

const DEFAULT_LEVEL: LogLevel = 'info';

/** A log on a stream; a reader that is gone must not end the master, so errors are swallowed there. */
export function streamLog(stream: NodeJS.WritableStream): LevelledLog {
  stream.on('error', () => undefined);
  let write: Write = (line) => {
    stream.write(`${line}\n`);
  };
  const say: Log = (line, severity = 'info') => {
    if (isWritten(severity, log.level)) write(line, severity);
  };
  const log: LevelledLog = Object.assign(say, {
    level: DEFAULT_LEVEL,
    redirect: (to: Write) => void (write = to),
  });
  return log;
}

function isWritten(severity: Severity, level: LogLevel): boolean {
  return severity === 'audit' || LOG_LEVELS.indexOf(severity) <= LOG_LEVELS.indexOf(level);
}
