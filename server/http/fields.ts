import { addTokens } from './field-syntax.js';

/** Fields of one connection, which end with it (RFC 9110 §7.6.1). */
export const HOP_BY_HOP_NAMES = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
] as const;

const HOP_BY_HOP: ReadonlySet<string> = new Set(HOP_BY_HOP_NAMES);

/** What Connection cannot name: without these, the next reader sees another message. */
const NEVER_NAMED = new Set(['host', 'content-length', 'transfer-encoding', 'trailer', 'date']);

/** Whether a field, in lower case, belongs to one connection. */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name);
}

/** What Connection can say that names no field which is not left out anyway. */
export function namesNothing(option: string): boolean {
  return option === 'keep-alive' || option === 'close';
}

/** What the Connection lines say, in lower case. */
export function connectionOptions(rawHeaders: readonly string[]): readonly string[] {
  const options: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length === 10 && name.toLowerCase() === 'connection') {
      addTokens(options, rawHeaders[i + 1] ?? '');
    }
  }
  return options;
}

/** Whether Connection names a field, in lower case, so that it ends with the connection too. */
export function isNamed(options: readonly string[], name: string): boolean {
  return options.length > 0 && options.includes(name) && !NEVER_NAMED.has(name);
}

/** What only a proxy may say about a client; anybody can write it. */
const FORWARDING = new Set(['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'via']);

/** Whether a field, in lower case and with dashes, tells of the certificate that a client showed. */
export function isAboutCertificate(name: string): boolean {
  return name.startsWith('x-ssl-client') || name === 'client-cert' || name === 'client-cert-chain';
}

/** Whether a field, in lower case and with dashes, tells whom a request was forwarded for. */
export function isForwarding(name: string): boolean {
  if (name.startsWith('x-forwarded') || isAboutCertificate(name)) return true;
  return FORWARDING.has(name) && name !== 'via';
}

/**
 * Fields with which something is decided. A reader of CGI variables (WSGI, PHP) takes `_` and `-`
 * for the same, so that an alias passes whoever looks at the real name only.
 */
const DECISIVE = new Set([
  ...HOP_BY_HOP,
  ...NEVER_NAMED,
  'authorization',
  'content-encoding',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'origin',
  'proxy',
  'range',
  'referer',
  'remote-user',
  'user-agent',
]);

/** Whether a field, in lower case, is written with `_` to be taken for a decisive one. */
export function isAlias(name: string): boolean {
  if (!name.includes('_')) return false;
  const usual = name.replaceAll('_', '-');
  return DECISIVE.has(usual) || isForwarding(usual) || usual.startsWith('x-http-method');
}
