import { err, ok, type Result } from '../../../shared/result.js';
import type { Problem } from '../../../shared/problem.js';
import { SYNTAX_PROBLEMS } from '../../options/problems/values.js';

/** A queue in a Redis, as `--spooler` names it. Its password is never part of the name. */
export interface RedisAddress {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  readonly db: number;
  /** Null: the default user. */
  readonly user: string | null;
  readonly queue: string;
  /** All of it written out in one way, to tell queues apart and to be shown. */
  readonly text: string;
}

const SCHEME = /^(rediss?):\/\//i;
const PORT = 6379;
const QUEUE = 'tasks';
const QUEUE_NAME = /^[\w.-]{1,64}$/;
const FORM = 'write redis://host:port/db#queue';

/** Whether a queue is named by a URL of Redis; what is no URL is a folder. */
export function isRedisUrl(text: string): boolean {
  return SCHEME.test(text.trim());
}

/** Reads `redis://[user@]host[:port][/db][#queue]`, or `rediss://` for TLS; the error is a sentence. */
export function parseRedisAddress(text: string): Result<RedisAddress, Problem> {
  if (!URL.canParse(text.trim())) return err(SYNTAX_PROBLEMS.redisNoUrl(FORM));
  const url = new URL(text.trim());
  const problem = problemWith(url);
  if (problem !== null) return err(problem);
  const tls = url.protocol === 'rediss:';
  const port = url.port === '' ? PORT : Number(url.port);
  const db = Number(url.pathname.slice(1));
  const user = url.username === '' ? null : decodeURIComponent(url.username);
  const queue = url.hash === '' ? QUEUE : url.hash.slice(1);
  const who = user === null ? '' : `${encodeURIComponent(user)}@`;
  const name = `${url.protocol}//${who}${url.hostname}:${port}/${db}#${queue}`;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return ok({ tls, host, port, db, user, queue, text: name });
}

function problemWith(url: URL): Problem | null {
  if (url.password !== '') {
    return SYNTAX_PROBLEMS.redisPassword();
  }
  if (url.hostname === '') return SYNTAX_PROBLEMS.redisNoHost(FORM);
  if (url.search !== '') return SYNTAX_PROBLEMS.redisQuery(FORM);
  if (url.port === '0') return SYNTAX_PROBLEMS.redisPort(FORM);
  if (!/^\/?$|^\/\d{1,5}$/.test(url.pathname)) {
    return SYNTAX_PROBLEMS.redisDatabase(url.pathname.slice(1), FORM);
  }
  if (url.hash !== '' && !QUEUE_NAME.test(url.hash.slice(1))) {
    return SYNTAX_PROBLEMS.redisQueue(url.hash.slice(1), FORM);
  }
  return isDecodable(url.username) ? null : SYNTAX_PROBLEMS.redisUser(FORM);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A URL as it may be shown: without the password that should not be in it. */
export function withoutPassword(text: string): string {
  return text.replace(/^(\s*[a-z]+:\/\/[^@:]*):.*@/i, '$1:***@');
}
