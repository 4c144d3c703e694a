import { cgiSize, cgiVariable, protocolOf } from './cgi.js';
import type { Entry } from './entry.js';
import { bodyBytes, headerCount } from './logged.js';
import { apacheTime, ctime } from './times.js';

/** The value of a variable; empty or null is written `-`. */
export type Value = (entry: Entry) => string | number | null;

export interface Variable {
  /** What it is, for the manual. */
  readonly help: string;
  readonly value: Value;
}

const MEGABYTE = 1024 * 1024;

/** When a request began, in milliseconds. */
function startedAt({ logged, endedAt }: Entry): number {
  return endedAt - logged.micros / 1000;
}

function header(name: 'host' | 'user-agent' | 'referer' | 'content-length'): Value {
  return ({ logged }) => logged.request.headers[name] ?? null;
}

/** uWSGI's variables of `--log-format`. */
export const VARIABLES: Readonly<Record<string, Variable>> = {
  uri: { help: 'the target, as it was sent', value: ({ logged }) => logged.request.url ?? null },
  method: { help: 'the method', value: ({ logged }) => logged.request.method ?? null },
  user: {
    help: '`REMOTE_USER` of the uwsgi protocol',
    value: ({ logged }) => cgiVariable(logged.request, 'REMOTE_USER'),
  },
  addr: { help: 'the address of the client', value: ({ client }) => client },
  host: { help: '`Host`', value: header('host') },
  proto: { help: 'such as `HTTP/1.1`', value: ({ logged }) => protocolOf(logged.request) },
  uagent: { help: '`User-Agent`', value: header('user-agent') },
  referer: { help: '`Referer`', value: header('referer') },
  status: {
    help: 'the status of the answer; 499: the client left before it',
    value: ({ logged }) => logged.status,
  },
  rsize: { help: 'bytes of the body that were sent', value: ({ logged }) => bodyBytes(logged) },
  hsize: { help: 'bytes of the head of the answer', value: ({ logged }) => logged.head.length },
  size: { help: 'both', value: ({ logged }) => logged.tx },
  cl: { help: '`Content-Length` of the request', value: header('content-length') },
  micros: {
    help: 'how long it took, in microseconds',
    value: ({ logged }) => Math.floor(logged.micros),
  },
  msecs: {
    help: 'the same in milliseconds',
    value: ({ logged }) => Math.floor(logged.micros / 1000),
  },
  secs: {
    help: 'the same in seconds, with a fraction',
    value: ({ logged }) => (logged.micros / 1_000_000).toFixed(6),
  },
  time: {
    help: 'when it began, in seconds since 1970',
    value: (entry) => Math.floor(startedAt(entry) / 1000),
  },
  ctime: { help: 'the same as C writes it', value: (entry) => ctime(new Date(startedAt(entry))) },
  ltime: {
    help: 'the same as Apache writes it',
    value: (entry) => apacheTime(new Date(startedAt(entry))),
  },
  ftime: {
    help: 'the same as ISO 8601, UTC',
    value: (entry) => new Date(startedAt(entry)).toISOString(),
  },
  epoch: {
    help: 'when it ended, in seconds since 1970',
    value: ({ endedAt }) => Math.floor(endedAt / 1000),
  },
  tmsecs: {
    help: 'when it began, in milliseconds since 1970',
    value: (entry) => Math.floor(startedAt(entry)),
  },
  tmicros: {
    help: 'the same in microseconds',
    value: (entry) => Math.floor(startedAt(entry) * 1000),
  },
  pid: { help: 'the process', value: ({ origin }) => origin.pid },
  wid: { help: 'the worker; 0: a router', value: ({ origin }) => origin.worker },
  // Node's requests do not switch between coroutines.
  switches: { help: 'always `-`: Node has no coroutines to switch', value: () => null },
  vars: {
    help: 'how many CGI variables the request would be',
    value: ({ logged }) => cgiSize(logged.request).count,
  },
  core: {
    help: 'the core of the worker',
    value: ({ logged }) => (logged.core < 0 ? null : logged.core),
  },
  vsz: {
    help: 'address space of the process, in bytes',
    value: ({ origin }) => origin.memory().vsz,
  },
  rss: { help: 'its resident memory, in bytes', value: ({ origin }) => origin.memory().rss },
  vszM: {
    help: 'its address space in megabytes',
    value: ({ origin }) => Math.floor(origin.memory().vsz / MEGABYTE),
  },
  rssM: {
    help: 'its resident memory in megabytes',
    value: ({ origin }) => Math.floor(origin.memory().rss / MEGABYTE),
  },
  pktsize: {
    help: 'how many bytes the CGI variables would be in a packet',
    value: ({ logged }) => cgiSize(logged.request).bytes,
  },
  modifier1: { help: 'always 0', value: () => 0 },
  modifier2: { help: 'always 0', value: () => 0 },
  headers: {
    help: 'how many fields the head of the answer has',
    value: ({ logged }) => headerCount(logged.head),
  },
  werr: {
    help: '1: the client left while it was sent to',
    value: ({ logged }) => Number(logged.isCut && logged.request.complete),
  },
  rerr: {
    help: '1: the client left while it sent',
    value: ({ logged }) => Number(logged.isCut && !logged.request.complete),
  },
  ioerr: { help: '1: either', value: ({ logged }) => Number(logged.isCut) },
};
