import { err, messageOf, ok, type Result } from '../../shared/result.js';
import type { Expiry, StaticMap } from '../static/settings.js';

/** Reads `/mount=folder`. The error is one sentence that names the value. */
export function parseStaticMap(text: string): Result<Omit<StaticMap, 'keepsMount'>, string> {
  const equals = text.indexOf('=');
  const [mount, folder] = [
    text.slice(0, Math.max(0, equals)).trim(),
    text.slice(equals + 1).trim(),
  ];
  if (equals < 0 || folder === '') {
    return err(`"${text}" is not /MOUNT=DIR, such as /static=/srv/app/static`);
  }
  if (!mount.startsWith('/')) {
    return err(
      `"${text}": the mount point "${mount}" must begin with a slash: /${mount}=${folder}`,
    );
  }
  const names = mount.split('/').filter((name) => name !== '');
  if (names.some((name) => name.startsWith('.') && name !== '.well-known')) {
    return err(
      `"${text}": no path below "${mount}" is ever served, since a name begins with a dot`,
    );
  }
  return ok({ mount: names.map((name) => `/${name}`).join(''), folder });
}

/** Reads `REGEXP=SECONDS`; the last `=` divides. */
export function parseExpiry(text: string): Result<Expiry, string> {
  const equals = text.lastIndexOf('=');
  const [pattern, number] = [
    text.slice(0, Math.max(0, equals)).trim(),
    text.slice(equals + 1).trim(),
  ];
  if (pattern === '') return err(`"${text}" is not REGEXP=SECONDS, such as \\.css$=3600`);
  if (!/^\d{1,9}$/.test(number)) {
    return err(`"${text}": "${number}" is not a whole number of seconds`);
  }
  const problem = checkExpression(pattern);
  return problem === null ? ok({ pattern, seconds: Number(number) }) : err(problem);
}

/** Why a `--static-map` cannot be used; null when it can. */
export function checkStaticMap(text: string): string | null {
  const map = parseStaticMap(text);
  return map.ok ? null : map.error;
}

/** Why a `--static-expires` cannot be used; null when it can. */
export function checkExpiry(text: string): string | null {
  const expiry = parseExpiry(text);
  return expiry.ok ? null : expiry.error;
}

/** Why a value is no regular expression; null when it is one. */
export function checkExpression(text: string): string | null {
  try {
    new RegExp(text);
    return null;
  } catch (error) {
    return `"${text}": ${messageOf(error)}`;
  }
}

/** Why a name cannot be that of an index; null when it can. */
export function checkIndex(text: string): string | null {
  const isName = text !== '' && !text.includes('/') && !text.startsWith('.');
  return isName ? null : `"${text}" is not the name of a file, such as index.html`;
}
