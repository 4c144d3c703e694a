import { resolve } from 'node:path';
import { parseAddress } from '../../shared/address.js';

/**
 * The addresses that a client may prove the key to: those that are bound; for a wildcard also the
 * loopback addresses of its port, since nobody dials the wildcard itself; for a relative path also
 * the absolute one, since the client stands in another folder.
 */
export function keyFileAddresses(bound: readonly string[]): readonly string[] {
  return [...new Set(bound.flatMap((address) => [address, ...otherNames(address)]))];
}

function otherNames(written: string): readonly string[] {
  const parsed = parseAddress(written);
  if (!parsed.ok || parsed.value.kind === 'abstract') return [];
  const address = parsed.value;
  if (address.kind === 'unix') return [resolve(address.path)];
  if (address.host === '0.0.0.0') return [`127.0.0.1:${address.port}`];
  if (address.host === '::') return [`127.0.0.1:${address.port}`, `[::1]:${address.port}`];
  return [];
}
