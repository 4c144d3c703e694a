import type net from 'node:net';
import { expectProxyHeader, type Proxied } from '../http/proxied.js';
import { createTrust } from '../http/trust.js';
import type { RouterSettings } from './settings.js';

/** Expects the PROXY protocol of the peers of a router's server, where it is told to; else null. */
export function expectProxied(
  server: net.Server,
  {
    proxyProtocol,
    trusted,
    headersTimeoutMs,
  }: Pick<RouterSettings, 'proxyProtocol' | 'trusted' | 'headersTimeoutMs'>,
  onRefused: (line: string) => void,
): Proxied | null {
  if (!proxyProtocol) return null;
  return expectProxyHeader(server, {
    isTrusted: createTrust(trusted),
    waitMs: headersTimeoutMs,
    onRefused: (why, address) => {
      onRefused(`a connection of ${address || 'a unix socket'} was closed: ${why}`);
    },
  });
}
