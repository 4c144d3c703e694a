import type { X509Certificate } from 'node:crypto';
import { createServer, type TLSSocket, type Server } from 'node:tls';
import type { Socket } from 'node:net';
import { type Problem, within } from '../../shared/problem.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Audit } from '../control/audit.js';
import type { Limits } from './limits.js';
import type { Listener } from './listen-tcp.js';
import type { TlsOption } from '../options/stats-tls.js';
import { CIPHERS } from '../tls/ciphers.js';
import { readAuthority, readPair } from '../tls/read-pem.js';

/** Puts TLS around connections that were accepted. */
export interface TlsSide {
  /**
   * Shakes hands. `onSecure` is given the connection inside, paused, and the name in the client's
   * certificate, null when it has shown none; it is not called when that fails.
   */
  take(socket: Socket, listener: Listener, onSecure: OnSecure): void;
}

/** What was read of one `--stats-tls`. */
export interface TlsContext {
  readonly written: string;
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | null;
  /** The names that the certificate is for, under which the server may be asked. */
  readonly names: readonly string[];
}

/** Reads the files of one `--stats-tls`; the error is one sentence. */
export function readTlsContext(option: TlsOption): Result<TlsContext, Problem> {
  const refuse = (problem: Problem) => err(within(`--stats-tls ${option.written}`, problem));
  const pair = readPair(option);
  if (!pair.ok) return refuse(pair.error);
  const clientCa = option.clientCa === null ? ok(null) : readAuthority(option.clientCa);
  if (!clientCa.ok) return refuse(clientCa.error);
  const { cert, key, certificate } = pair.value;
  return ok({
    ...{ written: option.written, cert, key, clientCa: clientCa.value },
    names: namesOf(certificate),
  });
}

/** The DNS names of a certificate, without wildcards. */
function namesOf(certificate: X509Certificate): readonly string[] {
  const names = certificate.subjectAltName ?? '';
  return names.split(', ').flatMap((name) => {
    const dns = /^DNS:([\w.-]+)$/.exec(name)?.[1];
    return dns === undefined ? [] : [dns];
  });
}

function serverOf(context: TlsContext, limits: Pick<Limits, 'handshakeMs'>): Server {
  const { cert, key, clientCa } = context;
  return createServer({
    cert,
    key,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: limits.handshakeMs,
    // Whether a certificate holds is looked at here, so that a client without one may still read.
    rejectUnauthorized: false,
    ...(clientCa === null ? {} : { requestCert: true, ca: clientCa }),
  });
}

/** The name in the client's certificate; null without one, `refused` where it proves nothing. */
function operatorOf(secure: TLSSocket): { readonly name: string | null } | 'refused' {
  const certificate = secure.getPeerX509Certificate();
  if (certificate === undefined) return { name: null };
  if (!secure.authorized) return 'refused';
  const name = /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? certificate.fingerprint256;
  return { name: name.slice(0, MAX_NAME) };
}

const MAX_NAME = 200;

type OnSecure = (secure: Socket, operator: string | null) => void;

/** One TLS server for each `--stats-tls`; none of them listens. */
export function tlsSide(
  contexts: readonly TlsContext[],
  limits: Pick<Limits, 'handshakeMs'>,
  audit: Audit,
): TlsSide {
  const shaking = new Map<string, OnSecure>();
  const servers = new Map(
    contexts.map((context) => [context.written, serverOf(context, limits)] as const),
  );
  for (const server of servers.values()) {
    server.on('secureConnection', (secure) => {
      secure.on('error', () => undefined);
      const onSecure = shaking.get(endsOf(secure));
      const operator = operatorOf(secure);
      if (operator === 'refused') {
        const who = `${secure.remoteAddress ?? '?'}:${secure.remotePort ?? 0}`;
        const why = String(secure.authorizationError);
        audit.refused(
          () => `TLS by ${who}: refused: the client's certificate does not hold (${why})`,
        );
        secure.destroy();
      } else if (onSecure === undefined) secure.destroy();
      else onSecure(secure, operator.name);
    });
    server.on('tlsClientError', (_error, secure) => {
      secure.destroy();
    });
  }
  return {
    take(socket, listener, onSecure) {
      const server = servers.get(listener.secure ?? '');
      if (server === undefined) {
        socket.destroy();
        return;
      }
      const ends = endsOf(socket);
      shaking.set(ends, onSecure);
      socket.once('close', () => shaking.delete(ends));
      server.emit('connection', socket);
    },
  };
}

/** Names a connection while it is open; the same outside TLS and inside. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join();
}
