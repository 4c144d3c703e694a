import { parseAddress } from '../../shared/address.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

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
export function parseTlsOption(written: string): Result<TlsOption, Problem> {
  const [address = '', cert = '', key = '', clientCa, ...more] = written.split(',');
  if (cert === '' || key === '' || clientCa === '' || more.length > 0) {
    return err(SYNTAX_PROBLEMS.tlsUnread(written));
  }
  const parsed = parseAddress(address);
  if (!parsed.ok) return err(parsed.error);
  if (parsed.value.kind !== 'tcp') {
    return err(SYNTAX_PROBLEMS.tlsUnix(address));
  }
  return ok({ written, address, cert, key, clientCa: clientCa ?? null });
}
