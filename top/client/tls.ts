import { readFileSync } from 'node:fs';
import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { err, messageOf, ok, type Result } from '../../shared/result.js';

/** One end of a TLS connection, as far as the user decides about it. */
export interface TlsTarget {
  /** The name or address that the server's certificate must be for. */
  readonly serverName: string;
  /** `--ca`: who signed it; the system's authorities when it is absent. PEM. */
  readonly ca?: Buffer;
  /** `--cert` and `--key`: who we are. PEM. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Paths of PEM files, as given on the command line. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/**
 * Adds to a target what the files hold. The error is one sentence: a file that cannot be read, half
 * of a pair, or files for a target that has no TLS.
 */
export function withTlsFiles<T extends { readonly tls?: TlsTarget }>(
  target: T,
  files: TlsFiles,
): Result<T, string> {
  const given = (['ca', 'cert', 'key'] as const).filter((name) => files[name] !== undefined);
  if (given.length === 0) return ok(target);
  if (target.tls === undefined) {
    return err(`--${given[0] ?? ''} is for TLS: write the address as wss://host:port`);
  }
  if ((files.cert === undefined) !== (files.key === undefined)) {
    return err('--cert and --key belong together: give both');
  }
  const read: Partial<Record<(typeof given)[number], Buffer>> = {};
  for (const name of given) {
    try {
      read[name] = readFileSync(files[name] ?? '');
    } catch (error) {
      return err(`--${name} ${files[name] ?? ''} cannot be read: ${messageOf(error)}`);
    }
  }
  return ok({ ...target, tls: { ...target.tls, ...read } });
}

/**
 * Shakes hands over a connected socket, which is destroyed when that fails. The error is one
 * sentence; when `signal` fires the attempt ends.
 */
export function secure(
  socket: Socket,
  { serverName, ...files }: TlsTarget,
  signal: AbortSignal,
): Promise<Result<Socket, string>> {
  return new Promise((resolve) => {
    const settle = (result: Result<Socket, string>): void => {
      signal.removeEventListener('abort', abort);
      if (!result.ok) {
        tls?.destroy();
        socket.destroy();
      }
      resolve(result);
    };
    const abort = (): void => {
      settle(err(`${serverName} does not answer the TLS handshake`));
    };
    let tls: ReturnType<typeof connect> | undefined;
    try {
      // An address is no server name (RFC 6066 §3), but the certificate is still checked for it.
      const name = isIP(serverName) === 0 ? { servername: serverName } : { host: serverName };
      tls = connect({ socket, minVersion: 'TLSv1.2', ...name, ...files });
    } catch (error) {
      settle(err(`TLS cannot begin: ${messageOf(error)}`));
      return;
    }
    const secured = tls;
    signal.addEventListener('abort', abort, { once: true });
    // Whoever uses the socket listens too; without any listener a late error would be thrown.
    secured.on('error', () => undefined);
    secured.once('secureConnect', () => {
      settle(ok(secured));
    });
    secured.once('error', (error: NodeJS.ErrnoException) => {
      settle(err(explain(serverName, error)));
    });
    secured.once('close', () => {
      settle(err(`${serverName} ended the TLS handshake`));
    });
  });
}

/** Codes of OpenSSL for a chain that ends in nobody we trust (X509_verify_cert_error_string(3)). */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function explain(name: string, error: NodeJS.ErrnoException): string {
  const code = error.code ?? '';
  if (UNTRUSTED.has(code)) {
    return `the certificate of ${name} is signed by nobody that is trusted here: give --ca FILE`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate of the server is not for ${name}`;
  }
  return `the TLS handshake with ${name} failed: ${code === '' ? error.message : code}`;
}
