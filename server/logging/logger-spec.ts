import { parseAddress } from '../../shared/address.js';
import { didYouMean } from '../../shared/likely.js';
import { err, ok, type Result } from '../../shared/result.js';
import { type Problem, within } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from '../options/problems/values.js';

/** Where `--logger` and `--req-logger` send lines; the syntax is uWSGI's where it has the like. */
export type LoggerSpec =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stdio' }
  | { readonly kind: 'fd'; readonly fd: number }
  | { readonly kind: 'journal'; readonly tag: string }
  | {
      readonly kind: 'socket' | 'rsyslog' | 'syslog-udp' | 'syslog-tcp';
      readonly host: string;
      readonly port: number;
      readonly tag: string;
    };

const SYNTAX: Readonly<Record<string, string>> = {
  file: 'file:PATH',
  stdio: 'stdio',
  fd: 'fd:NUMBER',
  socket: 'socket:HOST:PORT',
  syslog: 'syslog:TAG',
  rsyslog: 'rsyslog:HOST:PORT[,TAG]',
  'syslog-udp': 'syslog-udp:HOST:PORT[,TAG]',
  'syslog-tcp': 'syslog-tcp:HOST:PORT[,TAG]',
};

const DEFAULT_TAG = 'tsuwsgi';

/** Reads one `--logger`; a path alone is a file. The error names the value and what is known. */
export function parseLogger(text: string): Result<LoggerSpec, Problem> {
  if (/\p{Cc}/u.test(text)) return err(SYNTAX_PROBLEMS.loggerControl(text));
  if (/^[./]/.test(text)) return ok({ kind: 'file', path: text });
  const [kind = ''] = text.split(':', 1);
  const read = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  if (read !== undefined) return read(text.slice(kind.length + 1), text);
  const known = Object.keys(SYNTAX);
  return err(
    SYNTAX_PROBLEMS.loggerUnknown(kind, didYouMean(known, kind), Object.values(SYNTAX).join(', ')),
  );
}

type Reader = (rest: string, text: string) => Result<LoggerSpec, Problem>;

const READERS: Readonly<Record<string, Reader>> = {
  file: (path, text) => (path === '' ? wrong(text, 'file') : ok({ kind: 'file', path })),
  stdio: (rest, text) => (rest === '' ? ok({ kind: 'stdio' }) : wrong(text, 'stdio')),
  fd: (digits, text) =>
    /^\d{1,5}$/.test(digits) ? ok({ kind: 'fd', fd: Number(digits) }) : wrong(text, 'fd'),
  syslog: (rest, text) => withTag(rest, text, (tag) => ({ kind: 'journal', tag })),
  socket: (rest, text) => parseNetwork('socket', rest, text),
  rsyslog: (rest, text) => parseNetwork('rsyslog', rest, text),
  'syslog-udp': (rest, text) => parseNetwork('syslog-udp', rest, text),
  'syslog-tcp': (rest, text) => parseNetwork('syslog-tcp', rest, text),
};

/** Why a `--logger` cannot be used; null when it can. */
export function checkLogger(text: string): Problem | null {
  const parsed = parseLogger(text);
  return parsed.ok ? null : parsed.error;
}

function wrong(text: string, kind: string): Result<never, Problem> {
  return err(SYNTAX_PROBLEMS.loggerUnread(text, SYNTAX[kind] ?? kind));
}

function withTag(
  tag: string,
  text: string,
  spec: (tag: string) => LoggerSpec,
): Result<LoggerSpec, Problem> {
  // RFC 5424, 6: APP-NAME has 1 to 48 printable characters; RFC 3164 ends a tag at what is no word.
  if (/^[\w.-]{0,48}$/.test(tag)) return ok(spec(tag === '' ? DEFAULT_TAG : tag));
  return err(SYNTAX_PROBLEMS.loggerTag(text, tag));
}

function parseNetwork(
  kind: Extract<LoggerSpec, { host: string }>['kind'],
  rest: string,
  text: string,
): Result<LoggerSpec, Problem> {
  const [where = '', tag = '', ...more] = rest.split(',');
  if (where.trim() === '' || more.length > 0) return wrong(text, kind);
  const address = parseAddress(where);
  if (!address.ok) return err(within(`"${text}"`, address.error));
  if (address.value.kind === 'unix' || address.value.kind === 'abstract') {
    const remedy =
      kind === 'socket'
        ? 'give HOST:PORT'
        : 'let the receiver listen on UDP or TCP, or give syslog:TAG for journald';
    return err(SYNTAX_PROBLEMS.loggerPath(text, remedy));
  }
  const { host, port } = address.value;
  if (port === 0) return wrong(text, kind);
  return withTag(tag, text, (given) => ({
    ...{ kind, port, tag: given, host: host === '' ? '127.0.0.1' : host },
  }));
}
