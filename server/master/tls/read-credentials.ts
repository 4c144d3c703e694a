import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import type { CertificateStats } from '../../../shared/stats.js';
import type { HttpsAddress, KeyPairFiles } from '../../options/https.js';
import { dnsNames } from '../../tls/dns-names.js';
import type { Credentials, KeyPair } from '../../wire/credentials.js';

/** What was read of one address. */
export interface ReadCredentials extends Omit<Credentials, 'ticketKeys'> {
  /** What is not right and does not hinder: a sentence each. */
  readonly warnings: readonly string[];
  /** What is told of each certificate. */
  readonly shown: readonly Shown[];
}

/** A certificate as the stats tell of it, and from when it is valid. */
export interface Shown extends Omit<CertificateStats, 'address'> {
  readonly notBefore: number;
}

/** All of an address must fit into a frame to a router. */
const MAX_SIZE = 200 * 1024;

/**
 * Reads the files of one `--https` address and looks whether clients could be served with them. The
 * error names the file and what to do.
 */
export function readCredentials(
  { address, pairs, clientCa }: HttpsAddress,
  now: number,
): Result<ReadCredentials, string> {
  try {
    const told: Told = { warnings: [], shown: [] };
    const read = pairs.map((files) => readPair(files, now, told));
    const ca = clientCa === null ? null : readAuthority(clientCa);
    const size = read.reduce((sum, { cert, key }) => sum + cert.length + key.length, 0);
    if (size + (ca?.length ?? 0) > MAX_SIZE) {
      throw new Error(
        `its files are larger than ${MAX_SIZE / 1024} KiB together: use more than one address, or fewer authorities`,
      );
    }
    return ok({ pairs: read, clientCa: ca, ...told });
  } catch (error) {
    return err(`--https ${address}: ${messageOf(error)}`);
  }
}

/** What is found out besides, while files are read. */
interface Told {
  readonly warnings: string[];
  readonly shown: Shown[];
}

function readPair(files: KeyPairFiles, now: number, told: Told): KeyPair {
  const cert = readText(files.cert);
  const key = readText(files.key);
  const certificate = readCertificate(files.cert, cert);
  if (!certificate.checkPrivateKey(readKey(files.key, key))) {
    throw new Error(
      `the key ${files.key} does not belong to the certificate ${files.cert}: give the two of one pair, and in a chain the server's own certificate first`,
    );
  }
  tryOut(files, { cert, key });
  const problem = validityProblem(files.cert, certificate, now);
  if (problem !== null) told.warnings.push(problem);
  const [notBefore, notAfter] = [certificate.validFrom, certificate.validTo].map(
    (date) => Date.parse(date) / 1000,
  ) as [number, number];
  told.shown.push({
    ...{ file: files.cert, names: [...dnsNames(certificate)], not_after: notAfter, notBefore },
  });
  return { cert, key };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`there is no file ${file}`, { cause: error });
    throw new Error(
      `${file} cannot be read: ${messageOf(error)}; it must be readable by whoever starts the master`,
      { cause: error },
    );
  }
}

function readCertificate(file: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw new Error(`${file} is no certificate: it must be PEM, beginning with BEGIN CERTIFICATE`, {
      cause: error,
    });
  }
}

function readKey(file: string, text: string): KeyObject {
  if (/BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    throw new Error(
      `the key ${file} is encrypted, and nobody is there to type its password: decrypt it with openssl pkey -in ${file} -out NEW and protect it by its mode`,
    );
  }
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw new Error(`${file} is no private key: it must be PEM, such as BEGIN PRIVATE KEY`, {
      cause: error,
    });
  }
}

/** What only OpenSSL knows: keys that are too short, a chain that cannot be read. */
function tryOut(files: KeyPairFiles, pair: KeyPair): void {
  try {
    createSecureContext({ ...pair });
  } catch (error) {
    throw new Error(`${files.cert} with ${files.key} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function readAuthority(file: string): string {
  const text = readText(file);
  readCertificate(file, text);
  return text;
}

/** That one has expired is told once a day (`ending.ts`). */
function validityProblem(file: string, { validFrom }: X509Certificate, now: number) {
  if (Date.parse(validFrom) > now) {
    return `the certificate ${file} is valid from ${validFrom} only: clients will refuse it until then`;
  }
  return null;
}
