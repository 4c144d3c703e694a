import { parseAddress } from '../../shared/address.js';
import { err, ok, type Result } from '../../shared/result.js';
import { type Problem, within } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

/** Where `--stats-push` sends the stats; the syntax is uWSGI's. */
export type PushTarget =
  | {
      readonly kind: 'statsd';
      /** As written, for messages. */
      readonly text: string;
      readonly host: string;
      readonly port: number;
      readonly prefix: string;
    }
  | {
      readonly kind: 'file';
      readonly text: string;
      readonly path: string;
      readonly separator: string;
      /** Seconds between two documents; undefined for `--stats-push-interval`. */
      readonly interval: number | undefined;
    };

/** The bounds of an interval, seconds. */
export const SHORTEST_PUSH_S = 0.1;
export const LONGEST_PUSH_S = 86_400;

const SYNTAX = {
  statsd: 'statsd:HOST:PORT[,PREFIX]',
  file: 'file:path=PATH[,separator=TEXT][,freq=SECONDS]',
} as const;

/** Reads one `--stats-push`. The error is one sentence that names the value and the syntax. */
export function parsePushTarget(text: string): Result<PushTarget, Problem> {
  const [kind = ''] = text.split(':', 1);
  const rest = text.slice(kind.length + 1);
  if (kind === 'statsd') return parseStatsd(text, rest);
  if (kind === 'file') return parseFile(text, rest);
  return err(SYNTAX_PROBLEMS.pusherUnknown(text, kind, `${SYNTAX.statsd} or ${SYNTAX.file}`));
}

function parseStatsd(text: string, rest: string): Result<PushTarget, Problem> {
  const [where = '', prefix = 'uwsgi', ...more] = rest.split(',');
  if (where.trim() === '' || more.length > 0)
    return err(SYNTAX_PROBLEMS.pushUnread(text, SYNTAX.statsd));
  const address = parseAddress(where);
  if (!address.ok) return err(within(`"${text}"`, address.error));
  if (address.value.kind !== 'tcp' || address.value.port === 0) {
    return err(SYNTAX_PROBLEMS.pushNoHost(text, SYNTAX.statsd));
  }
  if (!/^[\w.-]{1,100}$/.test(prefix)) {
    return err(SYNTAX_PROBLEMS.pushPrefix(text, prefix));
  }
  const { host, port } = address.value;
  return ok({ kind: 'statsd', text, host: host === '' ? '127.0.0.1' : host, port, prefix });
}

/** uWSGI's file name and separator: a document may be of many lines there. */
const FILE_DEFAULTS = { path: 'uwsgi.stats', separator: '\\n\\n' };

function parseFile(text: string, rest: string): Result<PushTarget, Problem> {
  const values = new Map<string, string>(Object.entries(FILE_DEFAULTS));
  for (const pair of rest === '' ? [] : rest.split(',')) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, Math.max(0, equals));
    if (!['path', 'separator', 'freq'].includes(key)) {
      return err(SYNTAX_PROBLEMS.pushPair(text, pair, SYNTAX.file));
    }
    values.set(key, pair.slice(equals + 1));
  }
  const { path = '', separator = '', freq } = Object.fromEntries(values);
  if (path === '') return err(SYNTAX_PROBLEMS.pushNoFile(text, SYNTAX.file));
  const interval = freq === undefined ? undefined : Number(freq);
  if (interval !== undefined && !(interval >= SHORTEST_PUSH_S && interval <= LONGEST_PUSH_S)) {
    return err(SYNTAX_PROBLEMS.pushSeconds(text, freq ?? '', SHORTEST_PUSH_S, LONGEST_PUSH_S));
  }
  return ok({ kind: 'file', text, path, separator: unescaped(separator), interval });
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/** uWSGI takes `\n` as two letters, with which no separator could hold a line break. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([nrt\\])/g, (_, mark: string) => ESCAPES[mark] ?? mark);
}

/** Reads a list of them, of which each was checked when the options were read. */
export function pushTargets(texts: readonly string[]): PushTarget[] {
  return texts.flatMap((text) => {
    const target = parsePushTarget(text);
    return target.ok ? [target.value] : [];
  });
}

/** Why a `--stats-push` cannot be used; null when it can. */
export function checkPushTarget(text: string): Problem | null {
  const target = parsePushTarget(text);
  return target.ok ? null : target.error;
}
