import { fstatSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import net from 'node:net';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { LOG_PROBLEMS } from '../problems/logs.js';
import type { LoggerSpec } from './logger-spec.js';
import { connectionSink } from './sinks/connection-sink.js';
import { descriptorSink, openFileSink } from './sinks/file-sink.js';
import type { FileSettings } from './sinks/log-file.js';
import type { Sink, Tell } from './sinks/sink.js';
import { streamSink } from './sinks/stream-sink.js';
import { udpSink } from './sinks/udp-sink.js';
import { bareLine, counted, journalHeader, journalLine, rfc3164, rfc5424 } from './syslog.js';

/** What sinks are opened with. */
export interface SinkSettings {
  /** What holds of every file but its path. */
  readonly files: Omit<FileSettings, 'path'>;
  readonly truncate: boolean;
  readonly stderr: NodeJS.WriteStream;
  readonly tell: Tell;
}

/** journald's socket for streams of lines (sd-daemon(3)). */
const JOURNAL = '/run/systemd/journal/stdout';

/** Opens a logger; the error says what helps. A receiver on the network need not be there yet. */
export function openSink(spec: LoggerSpec, settings: SinkSettings): Result<Sink, Problem> {
  const { tell } = settings;
  switch (spec.kind) {
    case 'file':
      return openFileSink(
        `file:${spec.path}`,
        { path: spec.path, ...settings.files },
        { truncate: settings.truncate, tell },
      );
    case 'stdio':
      return ok(stdioSink(settings));
    case 'fd':
      return openDescriptor(spec.fd, settings);
    case 'journal':
      return openJournal(spec.tag, tell);
    case 'socket':
    case 'rsyslog':
    case 'syslog-udp':
    case 'syslog-tcp':
      return ok(openNetwork(spec, tell));
  }
}

/** A file takes what it is given at once or fails, and a terminal is written as ever. */
function stdioSink({ stderr, tell }: SinkSettings): Sink {
  return isFile(2) ? descriptorSink('stdio', 2, tell) : streamSink('stdio', stderr, tell);
}

function openDescriptor(fd: number, { stderr, tell }: SinkSettings): Result<Sink, Problem> {
  const name = `fd:${fd}`;
  try {
    const stat = fstatSync(fd);
    if (!stat.isFIFO() && !stat.isSocket()) return ok(descriptorSink(name, fd, tell));
    const stream = fd === 2 ? stderr : new net.Socket({ fd, readable: false, writable: true });
    return ok(streamSink(name, stream, tell));
  } catch (error) {
    return err(LOG_PROBLEMS.descriptorUnusable(name, messageOf(error)));
  }
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

/** A sink on journald's socket, if that is there. */
export function openJournal(tag: string, tell: Tell, socket = JOURNAL): Result<Sink, Problem> {
  const target = {
    ...{ to: { path: socket }, header: journalHeader(tag), framing: journalLine },
  };
  try {
    if (statSync(socket).isSocket()) return ok(connectionSink(`syslog:${tag}`, target, tell));
  } catch {
    // Said below.
  }
  return err(LOG_PROBLEMS.noJournal(tag, socket));
}

function openNetwork(
  { kind, host, port, tag }: Extract<LoggerSpec, { host: string }>,
  tell: Tell,
): Sink {
  const name = `${kind}:${host.includes(':') ? `[${host}]` : host}:${port}`;
  const sender = { host: hostname(), tag, pid: process.pid };
  const udp = (framing: typeof bareLine): Sink => udpSink(name, { host, port, framing }, tell);
  if (kind === 'socket') return udp(bareLine);
  if (kind === 'rsyslog') return udp(rfc3164(sender));
  if (kind === 'syslog-udp') return udp(rfc5424(sender));
  const framing = counted(rfc5424(sender));
  return connectionSink(name, { to: { host, port }, header: null, framing }, tell);
}
