import { parseAddress } from '../../shared/address.js';
import { err, ok, type Result } from '../../shared/result.js';

/** One `--stats-tls ADDR,CERT,KEY[,CLIENT-CA]`. */
export interface TlsOption {
  /** As it was given. */
  readonly written: string;
  readonly address: string;
  /** Paths of PEM files. */
  readonly cert: string;
  readonly key: string;
  /** Who signs the certificates of operators; null where the key alone gives control. */
  readonly clientCa: string | null;
}

/** Reads the text of one option; the error is one sentence. */
export function parseTlsOption(written: string): Result<TlsOption, string> {
  const [address = '', cert = '', key = '', clientCa, ...more] = written.split(',');
  if (cert === '' || key === '' || clientCa === '' || more.length > 0) {
    return err(`--stats-tls "${written}": write ADDR,CERT,KEY or ADDR,CERT,KEY,CLIENT-CA`);
  }
  const parsed = parseAddress(address);
  if (!parsed.ok) return err(`--stats-tls: ${parsed.error}`);
  if (parsed.value.kind !== 'tcp') {
    return err(
      `--stats-tls ${address}: a unix socket needs no TLS, write it as --stats ${address}`,
    );
  }
  return ok({ written, address, cert, key, clientCa: clientCa ?? null });
}
