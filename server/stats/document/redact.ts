/**
 * Takes secrets out of URIs: the values of parameters whose names say that they are one, and the
 * user and password before a host.
 */

/** Words of a parameter's name that make its value a secret. */
const SECRET_WORDS = [
  ...['token', 'password', 'passwd', 'pwd', 'passphrase', 'pass', 'secret', 'key', 'apikey'],
  ...['signature', 'sig', 'hmac', 'auth', 'authorization', 'credential', 'credentials'],
  ...['cookie', 'session', 'sessionid', 'sid', 'jsessionid', 'phpsessid', 'jwt', 'otp', 'pin'],
];

/** What stands in place of a secret. */
export const REDACTED = '***';

/** Longer names are no names of ours; the bound keeps hostile URIs from costing time. */
const MAX_NAME = 128;

/** A parameter: its separator, plain or as `%26` inside another URI, its name, and `=`. */
const PARAMETER = new RegExp(`([?&;#]|%3f|%26|%3b|%23)([^=&;?#]{1,${MAX_NAME}}?)(?:=|%3d)`, 'gi');

/**
 * Makes a function that shows a URI without its secrets. `names` are further names of parameters,
 * compared without regard to case: each is taken as a whole name, not as a word of one.
 */
export function redactor(names: readonly string[]): (uri: string) => string {
  const words = new Set(SECRET_WORDS);
  const whole = new Set(names.map((name) => name.toLowerCase()));
  const isSecret = remembered((name) => {
    const plain = decoded(name);
    return whole.has(plain.toLowerCase()) || wordsOf(plain).some((word) => words.has(word));
  });
  // A request is shown in many documents while it is in flight.
  return remembered((uri) => {
    const shown = uri.includes('@') ? withoutUser(uri) : uri;
    if (!/=|%3d/i.test(shown)) return shown;
    return withoutSecrets(shown, isSecret);
  });
}

/** Most URIs have nothing to hide: those come back as they are. */
function withoutSecrets(uri: string, isSecret: (name: string) => boolean): string {
  let shown = '';
  let copied = 0;
  for (const match of uri.matchAll(PARAMETER)) {
    const [all, separator = '', name = ''] = match;
    // What lies inside a value that is hidden already.
    if (match.index < copied || !isSecret(name)) continue;
    const start = match.index + all.length;
    shown += uri.slice(copied, start) + REDACTED;
    copied = endOfValue(uri, start, separator);
  }
  return copied === 0 ? uri : shown + uri.slice(copied);
}

/** A value goes on to the next `&`: `;` and `?` may be part of it. Before the query, to its begin. */
function endOfValue(uri: string, start: number, separator: string): number {
  const query = uri.indexOf('?');
  const isInPath = query < 0 || start <= query;
  const ends = separator.length > 1 ? /&|%26/gi : isInPath ? /[/?]/g : /&/g;
  ends.lastIndex = start;
  return ends.exec(uri)?.index ?? uri.length;
}

/** `user:password@` of an absolute URI. */
function withoutUser(uri: string): string {
  return uri.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${REDACTED}@`);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** `accessToken`, `access_token`, `X-Access-Token` and `user[token]` have the word `token`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/** Answers that are known by heart: clients may make up as many names and URIs as they like. */
const MAX_KNOWN = 2000;

function remembered<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = answer(text);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, found);
    return found;
  };
}
