import { REDACTED, redactor } from '../stats/document/redact.js';

const inParameters = redactor([]);

/** The value of an option without what nobody may read over a shoulder: passwords in URLs and in NAME=VALUE. */
export function hideSecrets(value: string): string {
  const shown = value.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi, `$1${REDACTED}@`);
  // A variable of the environment is read as if it were a parameter of a URL.
  if (/^[A-Za-z_]\w*=/.test(shown)) return inParameters(`?${shown}`).slice(1);
  return inParameters(shown);
}
