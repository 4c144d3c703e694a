import { X509Certificate } from 'node:crypto';
import https from 'node:https';
import tls from 'node:tls';
import { CIPHERS } from '../tls/ciphers.js';
import { dnsNames } from '../tls/dns-names.js';
import type { Credentials } from '../wire/credentials.js';
import type { TlsSide } from './config.js';
import { createHostTable, type HostTable } from './host-table.js';
import { serverOptions } from './server-options.js';
import type { RouterSettings } from './settings.js';

/** A server on a socket with TLS. */
export interface SecureServer {
  readonly server: https.Server;
  /** Shows these from now on; connections that are open keep what they were shown. */
  show(credentials: Credentials): void;
}

/** Who is told what comes of handshakes. */
export interface SecureListener {
  /** A connection on which HTTP/2 is spoken. */
  readonly onHttp2: (socket: tls.TLSSocket) => void;
  /** A handshake that failed, by the name under which it is counted. */
  readonly onFailed: (code: string) => void;
}

/**
 * The handshake as RFC 9325 wants it. Whoever asks for a host that has a certificate of its own is
 * shown that, everybody else the first.
 */
export function createSecureServer(
  settings: RouterSettings,
  side: Exclude<TlsSide, 'none'>,
  listener: SecureListener,
): SecureServer {
  let hosts: HostTable<tls.SecureContext> = createHostTable([]);
  const server = https.createServer({
    ...serverOptions(settings),
    ...{ minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true },
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout: settings.headersTimeoutMs,
    requestCert: side === 'mutual',
    rejectUnauthorized: true,
    SNICallback: (host, settle) => {
      settle(null, hosts.find(host));
    },
  });
  listenByProtocol(server, listener);
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const code = failure(error, socket);
    if (code !== null) listener.onFailed(code);
  });
  return {
    server,
    show(credentials) {
      const [first] = credentials.pairs;
      if (first === undefined) return;
      server.setSecureContext(contextOptions(first, credentials));
      hosts = createHostTable(
        credentials.pairs.map((pair) => ({
          names: dnsNames(new X509Certificate(pair.cert)),
          value: tls.createSecureContext(contextOptions(pair, credentials)),
        })),
      );
    },
  };
}

/** HTTP/1.1 stays with Node's listener; who agreed on h2 in the handshake is led elsewhere. */
function listenByProtocol(server: https.Server, { onHttp2 }: SecureListener): void {
  const http1 = server.listeners('secureConnection') as ((socket: tls.TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket) => {
    if (socket.alpnProtocol === 'h2') onHttp2(socket);
    else for (const listen of http1) listen.call(server, socket);
  });
}

/** Null: the client left, and that is no failure. */
function failure(error: NodeJS.ErrnoException, socket: tls.TLSSocket): string | null {
  // Null in fact until the certificate was looked at, whatever its type says.
  if (typeof socket.authorizationError === 'string') return 'client_certificate';
  if (error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') return 'client_certificate';
  if (error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'tls_timeout';
  return error.code === 'ECONNRESET' ? null : 'tls_handshake';
}

function contextOptions(
  { cert, key }: Credentials['pairs'][number],
  { clientCa, ticketKeys }: Credentials,
): tls.SecureContextOptions {
  return {
    ...{ cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true },
    ...(clientCa !== null && { ca: clientCa }),
    ticketKeys: Buffer.from(ticketKeys, 'base64'),
    // Node's own default differs between processes; sockets are kept apart by their ticket keys.
    sessionIdContext: 'tsuwsgi',
  };
}
