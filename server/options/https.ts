import { parseAddress } from '../../shared/address.js';
import { err, ok, type Result } from '../../shared/result.js';

/** Paths of a certificate (with its chain behind it) and of its key, PEM. */
export interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
}

/** One `--https ADDR,CERT,KEY[,CLIENT-CA]`. */
export interface HttpsOption extends KeyPairFiles {
  readonly address: string;
  /** Who signs the certificates that clients must show; null where they need none. */
  readonly clientCa: string | null;
}

/** All that was said of one address. */
export interface HttpsAddress {
  readonly address: string;
  /** In the order in which they were given: the first is for who names no host that another has. */
  readonly pairs: readonly KeyPairFiles[];
  readonly clientCa: string | null;
}

/** Reads the text of one option; the error is one sentence. */
export function parseHttpsOption(written: string): Result<HttpsOption, string> {
  const [address = '', cert = '', key = '', clientCa, ...more] = written.split(',');
  if (more.length > 0) {
    return err(
      `"${written}" has more than four parts: uWSGI's list of ciphers is not taken here, write ADDR,CERT,KEY,CLIENT-CA`,
    );
  }
  if (cert === '' || key === '' || clientCa === '') {
    return err(`"${written}": write ADDR,CERT,KEY or ADDR,CERT,KEY,CLIENT-CA`);
  }
  if (clientCa?.startsWith('!') === true) {
    return err(
      `"${clientCa}": a certificate is always asked of clients where there is a CLIENT-CA, leave out the !`,
    );
  }
  const parsed = parseAddress(address);
  if (!parsed.ok) return err(parsed.error);
  return ok({ address, cert, key, clientCa: clientCa ?? null });
}

/** Why an `--https` cannot be used; null when it can. */
export function checkHttps(text: string): string | null {
  const option = parseHttpsOption(text);
  return option.ok ? null : option.error;
}

/** Why an `--https-redirect` cannot be used; null when it can. */
export function checkRedirect(text: string): string | null {
  const isPort = /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;
  return text === '' || isPort ? null : `"${text}" is no port: write one from 1 to 65535, or none`;
}

/**
 * Puts the options of one address together, in the order in which addresses came first. They must
 * agree on who signs clients' certificates: a client names its host before it shows who it is.
 */
export function httpsAddresses(texts: readonly string[]): Result<readonly HttpsAddress[], string> {
  const found = new Map<string, HttpsAddress>();
  for (const text of texts) {
    const option = parseHttpsOption(text);
    if (!option.ok) return err(`--https: ${option.error}`);
    const { address, cert, key, clientCa } = option.value;
    const before = found.get(address) ?? { address, pairs: [], clientCa };
    if (before.clientCa !== clientCa) {
      return err(
        `--https ${address}: one CLIENT-CA holds for all certificates of an address, name the same in each --https ${address},…`,
      );
    }
    found.set(address, { ...before, pairs: [...before.pairs, { cert, key }] });
  }
  return ok([...found.values()]);
}
