import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import tls from 'node:tls';
import { createSecureServer, type SecureServer } from '../../server/router/secure-server.js';
import type { Credentials } from '../../server/wire/credentials.js';
import type { RouterSettings } from '../../server/router/settings.js';
import { type Authority, type Certificate, makeAuthority } from './certificates.js';
import { type Behind, ROUTER_SETTINGS, type RouterRig, startRouterRig } from './router-rig.js';

/** A router on a free port with TLS, besides the one without. */
export interface SecureRig extends RouterRig {
  readonly secure: SecureServer;
  readonly securePort: number;
  readonly authority: Authority;
  /** What a client needs to believe the server. */
  readonly ca: Buffer;
  readonly ticketKeys: string;
  connect(options?: http2.SecureClientSessionOptions): http2.ClientHttp2Session;
}

export interface SecureRigSettings extends Partial<RouterSettings> {
  /** Clients must show a certificate of the rig's authority. */
  readonly isMutual?: boolean;
}

/** The credentials of certificates made by `makeAuthority`. */
export function credentials(
  certificates: readonly Certificate[],
  ticketKeys: string,
  clientCa: string | null = null,
): Credentials {
  const pairs = certificates.map(({ cert, key }) => ({
    cert: readFileSync(cert, 'latin1'),
    key: readFileSync(key, 'latin1'),
  }));
  return { pairs, clientCa, ticketKeys };
}

export async function startSecureRig(
  test: TestContext,
  behind: readonly Behind[],
  { isMutual = false, ...settings }: SecureRigSettings = {},
): Promise<SecureRig> {
  const rig = await startRouterRig(test, behind, settings);
  const authority = makeAuthority(test, 'ca');
  const all = { ...ROUTER_SETTINGS, ...settings };
  const secure = createSecureServer(all, isMutual ? 'mutual' : 'server', rig.router);
  rig.router.serve(secure.server);
  const ticketKeys = randomBytes(48).toString('base64');
  const ca = readFileSync(authority.cert);
  secure.show(
    credentials([authority.sign('server')], ticketKeys, isMutual ? ca.toString('latin1') : null),
  );
  secure.server.listen(0, '127.0.0.1');
  await once(secure.server, 'listening');
  const { port } = secure.server.address() as AddressInfo;
  const sessions: http2.ClientHttp2Session[] = [];
  test.after(() => {
    for (const session of sessions) session.destroy();
    rig.router.close();
    secure.server.close();
    secure.server.closeAllConnections();
  });
  return {
    ...{ ...rig, secure, securePort: port, authority, ca, ticketKeys },
    connect(options = {}) {
      const session = http2.connect(`https://localhost:${port}`, { ca, ...options });
      session.on('error', () => undefined);
      sessions.push(session);
      return session;
    },
  };
}

/** Opens a connection with TLS and waits for the end of the handshake. */
export async function connectTls(
  test: TestContext,
  { securePort, ca }: Pick<SecureRig, 'securePort' | 'ca'>,
  options: tls.ConnectionOptions = {},
): Promise<tls.TLSSocket> {
  const socket = tls.connect({ port: securePort, host: '127.0.0.1', ca, ...options });
  socket.on('error', () => undefined);
  test.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}
