import { parseAddress } from '../../shared/address.js';
import { err, ok, type Result } from '../../shared/result.js';
import { type Problem, within } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

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
export function parseHttpsOption(written: string): Result<HttpsOption, Problem> {
  const [address = '', cert = '', key = '', clientCa, ...more] = written.split(',');
  if (more.length > 0) {
    return err(SYNTAX_PROBLEMS.httpsParts(written));
  }
  if (cert === '' || key === '' || clientCa === '') {
    return err(SYNTAX_PROBLEMS.httpsMissing(written));
  }
  if (clientCa?.startsWith('!') === true) {
    return err(SYNTAX_PROBLEMS.httpsMark(clientCa));
  }
  const parsed = parseAddress(address);
  if (!parsed.ok) return err(parsed.error);
  return ok({ address, cert, key, clientCa: clientCa ?? null });
}

/** Why an `--https` cannot be used; null when it can. */
export function checkHttps(text: string): Problem | null {
  const option = parseHttpsOption(text);
  return option.ok ? null : option.error;
}

/** Why an `--https-redirect` cannot be used; null when it can. */
export function checkRedirect(text: string): Problem | null {
  const isPort = /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;
  return text === '' || isPort ? null : SYNTAX_PROBLEMS.redirectPort(text);
}

/**
 * Puts the options of one address together, in the order in which addresses came first. They must
 * agree on who signs clients' certificates: a client names its host before it shows who it is.
 */
export function httpsAddresses(texts: readonly string[]): Result<readonly HttpsAddress[], Problem> {
  const found = new Map<string, HttpsAddress>();
  for (const text of texts) {
    const option = parseHttpsOption(text);
    if (!option.ok) return err(within('--https', option.error));
    const { address, cert, key, clientCa } = option.value;
    const before = found.get(address) ?? { address, pairs: [], clientCa };
    if (before.clientCa !== clientCa) {
      return err(TOGETHER_PROBLEMS.httpsClientCa(address));
    }
    found.set(address, { ...before, pairs: [...before.pairs, { cert, key }] });
  }
  return ok([...found.values()]);
}
