import { err, messageOf, ok, type Result } from '../../shared/result.js';
import type { Expiry, StaticMap } from '../static/settings.js';
import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

/** Reads `/mount=folder`. The error is one sentence that names the value. */
export function parseStaticMap(text: string): Result<Omit<StaticMap, 'keepsMount'>, Problem> {
  const equals = text.indexOf('=');
  const [mount, folder] = [
    text.slice(0, Math.max(0, equals)).trim(),
    text.slice(equals + 1).trim(),
  ];
  if (equals < 0 || folder === '') {
    return err(SYNTAX_PROBLEMS.mapUnread(text));
  }
  if (!mount.startsWith('/')) {
    return err(SYNTAX_PROBLEMS.mapSlash(text, mount, folder));
  }
  const names = mount.split('/').filter((name) => name !== '');
  if (names.some((name) => name.startsWith('.') && name !== '.well-known')) {
    return err(SYNTAX_PROBLEMS.mapDot(text, mount));
  }
  return ok({ mount: names.map((name) => `/${name}`).join(''), folder });
}

/** Reads `REGEXP=SECONDS`; the last `=` divides. */
export function parseExpiry(text: string): Result<Expiry, Problem> {
  const equals = text.lastIndexOf('=');
  const [pattern, number] = [
    text.slice(0, Math.max(0, equals)).trim(),
    text.slice(equals + 1).trim(),
  ];
  if (pattern === '') return err(SYNTAX_PROBLEMS.noExpiry(text));
  if (!/^\d{1,9}$/.test(number)) {
    return err(SYNTAX_PROBLEMS.expirySeconds(text, number));
  }
  const problem = checkExpression(pattern);
  return problem === null ? ok({ pattern, seconds: Number(number) }) : err(problem);
}

/** Why a `--static-map` cannot be used; null when it can. */
export function checkStaticMap(text: string): Problem | null {
  const map = parseStaticMap(text);
  return map.ok ? null : map.error;
}

/** Why a `--static-expires` cannot be used; null when it can. */
export function checkExpiry(text: string): Problem | null {
  const expiry = parseExpiry(text);
  return expiry.ok ? null : expiry.error;
}

/** Why a value is no regular expression; null when it is one. */
export function checkExpression(text: string): Problem | null {
  try {
    new RegExp(text);
    return null;
  } catch (error) {
    return SYNTAX_PROBLEMS.noExpression(text, messageOf(error));
  }
}

/** Why a name cannot be that of an index; null when it can. */
export function checkIndex(text: string): Problem | null {
  const isName = text !== '' && !text.includes('/') && !text.startsWith('.');
  return isName ? null : SYNTAX_PROBLEMS.indexName(text);
}
