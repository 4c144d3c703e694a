import { isIP } from 'node:net';
import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

/** Names that stand for networks. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  unix: ['unix'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** The networks that `--trust-proxy` names, each as `address/bits`; they were checked before. */
export function trustedProxies(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => NAMED[text] ?? [withBits(text)]);
}

function withBits(text: string): string {
  return text.includes('/') ? text : `${text}/${isIP(text) === 6 ? 128 : 32}`;
}

/** Why a `--trust-proxy` cannot be used; null when it can. */
export function checkTrusted(text: string): Problem | null {
  if (Object.hasOwn(NAMED, text)) return null;
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  const isBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  if (family !== 0 && isBits && more.length === 0) return null;
  const names = Object.keys(NAMED).join(', ');
  return SYNTAX_PROBLEMS.noNetwork(text, names);
}
