import type { Severity } from '../log.js';
import { visible } from '../request-log/escape.js';

/** Writes a line, without its newline, as what is sent of it. */
export type Framing = (line: string, said: { severity: Severity; at: number }) => Buffer;

/** Who sends. */
export interface SyslogSender {
  readonly host: string;
  readonly tag: string;
  readonly pid: number;
}

/** RFC 5424, 6.2.1: the facility of system daemons. */
const DAEMON = 3;

/** RFC 5424, 6.2.1. Who controlled what is a notice. */
const SEVERITIES: Readonly<Record<Severity, number>> = {
  error: 3,
  warn: 4,
  audit: 5,
  info: 6,
  debug: 7,
};

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const two = (value: number): string => String(value).padStart(2, '0');
const priority = (severity: Severity): number => DAEMON * 8 + SEVERITIES[severity];

/** RFC 3164, 4.1: what every receiver reads; local time without its year. */
export function rfc3164({ host, tag, pid }: SyslogSender): Framing {
  return (line, { severity, at }) => {
    const date = new Date(at);
    const day = String(date.getDate()).padStart(2, ' ');
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
    const time = `${MONTHS[date.getMonth()] ?? ''} ${day} ${clock}`;
    return Buffer.from(`<${priority(severity)}>${time} ${host} ${tag}[${pid}]: ${visible(line)}`);
  };
}

/** RFC 5424, 6: with the whole time, UTC, and no structured data. */
export function rfc5424({ host, tag, pid }: SyslogSender): Framing {
  return (line, { severity, at }) => {
    const time = new Date(at).toISOString();
    return Buffer.from(
      `<${priority(severity)}>1 ${time} ${host} ${tag} ${pid} - - ${visible(line)}`,
    );
  };
}

/** RFC 6587, 3.4.1: on a stream the length stands before each message. */
export function counted(framing: Framing): Framing {
  return (line, said) => {
    const message = framing(line, said);
    return Buffer.concat([Buffer.from(`${message.length} `), message]);
  };
}

/** journald's stream protocol takes lines, each with its severity in front (sd-daemon(3)). */
export const journalLine: Framing = (line, { severity }) =>
  Buffer.from(`<${SEVERITIES[severity]}>${line}\n`);

/**
 * What a connection to /run/systemd/journal/stdout begins with: the identifier, no unit, the severity
 * of lines without one, that lines begin with theirs, and that journald forwards nothing.
 */
export function journalHeader(tag: string): Buffer {
  return Buffer.from(`${tag}\n\n6\n1\n0\n0\n0\n`);
}

/** uWSGI's `socket:`: the line as it is. */
export const bareLine: Framing = (line) => Buffer.from(line);
