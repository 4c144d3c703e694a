import type { IncomingMessage, ServerResponse } from 'node:http';

/** One finished request, as the log needs it. */
export interface Logged {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Bytes sent for it: head and body. */
  readonly tx: number;
  /** -1 when it had none. */
  readonly core: number;
  readonly micros: number;
  /** Whether the answer is a file. */
  readonly isStatic: boolean;
}

export interface RequestLog {
  request(logged: Logged): void;
  /** Writes what is held back; also to be called before the process exits. */
  flush(): void;
}

export interface LogSource {
  readonly pid: number;
  /** Requests that ended in this worker, and in the whole instance. */
  readonly counts: () => { worker: number; total: number };
  /** `{address space usage: …} {rss usage: …} ` under --memory-report, else empty. */
  readonly prefix: () => string;
  readonly wallClock: () => Date;
  readonly write: (text: string) => void;
}

/**
 * uWSGI's default request line. Lines of one turn of the loop are written together: a write is a
 * system call, and costs more than the request's whole accounting.
 */
export function createRequestLog(source: LogSource): RequestLog {
  let held = '';
  const flush = (): void => {
    const text = held;
    held = '';
    if (text !== '') source.write(text);
  };
  return {
    request(logged) {
      if (held === '') setImmediate(flush);
      held += source.prefix() + formatRequest(logged, source) + '\n';
    },
    flush,
  };
}

/** Formats one line; the clock and the counts come from `source`. */
export function formatRequest(logged: Logged, source: Omit<LogSource, 'write' | 'prefix'>): string {
  const { request, response, tx, core, micros, isStatic } = logged;
  const { worker, total } = source.counts();
  const vars = cgiVars(request);
  const head = responseHead(response);
  const body = Math.max(0, tx - head.bytes);
  const uri = printable(request.url ?? '');
  // The way and not the system call, in uWSGI's words, which readers of its log know.
  const via = isStatic ? 'via sendfile() ' : '';
  const peer = printable(plainPeer(request.socket.remoteAddress ?? ''));
  return (
    `[pid: ${source.pid}|app: 0|req: ${worker}/${total}] ${peer} () ` +
    `{${vars.count} vars in ${vars.bytes} bytes} [${ctime(source.wallClock())}] ` +
    `${request.method ?? '-'} ${uri} => generated ${body} bytes in ${Math.floor(micros / 1000)} msecs ` +
    `${via}(HTTP/${request.httpVersion} ${response.statusCode}) ${head.headers} headers in ${head.bytes} bytes ` +
    `(1 switches on core ${Math.max(0, core)})`
  );
}

/** An IPv4 client of a dual-stack socket is known by its IPv4 address. */
export function plainPeer(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

/** A client must not be able to forge a line or drive the terminal of whoever reads the log. */
function printable(text: string): string {
  return Array.from(text, (char) => {
    const code = char.charCodeAt(0);
    const plain = (code > 0x20 && code < 0x7f) || code > 0xa0;
    return plain ? char : `\\x${code.toString(16).padStart(2, '0')}`;
  }).join('');
}

/** How many CGI variables uWSGI would make of a request, and their size in a uwsgi packet. */
function cgiVars(request: IncomingMessage): { count: number; bytes: number } {
  const { rawHeaders, socket } = request;
  const { method = '', url = '' } = request;
  const { localPort = '', remoteAddress = '', remotePort = '' } = socket;
  const query = url.indexOf('?');
  const own: Record<string, string> = {
    REQUEST_METHOD: method,
    REQUEST_URI: url,
    PATH_INFO: query < 0 ? url : url.slice(0, query),
    QUERY_STRING: query < 0 ? '' : url.slice(query + 1),
    SERVER_PROTOCOL: `HTTP/${request.httpVersion}`,
    SCRIPT_NAME: '',
    SERVER_NAME: request.headers.host ?? '',
    SERVER_PORT: String(localPort),
    REMOTE_ADDR: plainPeer(remoteAddress),
    REMOTE_PORT: String(remotePort),
  };
  // Two bytes of length stand before each name and each value.
  let bytes = Object.entries(own).reduce((sum, [k, v]) => sum + k.length + v.length + 4, 0);
  bytes += rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
  bytes += ('HTTP_'.length * rawHeaders.length) / 2;
  return { count: Object.keys(own).length + rawHeaders.length / 2, bytes };
}

/** The head as it was sent: Node keeps it as text once it is written. */
function responseHead(response: ServerResponse): { headers: number; bytes: number } {
  const text: unknown = Reflect.get(response, '_header');
  if (typeof text !== 'string') return { headers: 0, bytes: 0 };
  // The status line and the empty line that closes the head are no headers.
  return { headers: text.split('\r\n').length - 3, bytes: text.length };
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** C's `ctime`, in local time: `Sun Nov 22 10:52:39 2026`. */
export function ctime(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const day = String(date.getDate()).padStart(2, ' ');
  return `${DAYS[date.getDay()] ?? ''} ${MONTHS[date.getMonth()] ?? ''} ${day} ${clock} ${date.getFullYear()}`;
}
