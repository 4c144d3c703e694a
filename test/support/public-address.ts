import { networkInterfaces } from 'node:os';

/** An IPv4 address of this machine that is not loopback, as `host`; null where there is none. */
export function publicAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? null;
}
