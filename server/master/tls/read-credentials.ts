import type { X509Certificate } from 'node:crypto';
import { type Problem, within } from '../../../shared/problem.js';
import { err, ok, type Result } from '../../../shared/result.js';
import type { CertificateStats } from '../../../shared/stats.js';
import type { HttpsAddress } from '../../options/https.js';
import { CERTIFICATE_PROBLEMS } from '../../problems/certificates.js';
import { dnsNames } from '../../tls/dns-names.js';
import { readAuthority, readPair } from '../../tls/read-pem.js';
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
  wanted: HttpsAddress,
  now: number,
): Result<ReadCredentials, Problem> {
  const read = readAll(wanted, now);
  return read.ok ? read : err(within(`--https ${wanted.address}`, read.error));
}

function readAll(
  { pairs: files, clientCa: caFile }: HttpsAddress,
  now: number,
): Result<ReadCredentials, Problem> {
  const told: Told = { warnings: [], shown: [] };
  const pairs: KeyPair[] = [];
  for (const one of files) {
    const pair = readPair(one);
    if (!pair.ok) return pair;
    const { cert, key, certificate } = pair.value;
    pairs.push({ cert, key });
    tell(one.cert, certificate, now, told);
  }
  const clientCa = caFile === null ? ok(null) : readAuthority(caFile);
  if (!clientCa.ok) return clientCa;
  const size = pairs.reduce((sum, { cert, key }) => sum + cert.length + key.length, 0);
  if (size + (clientCa.value?.length ?? 0) > MAX_SIZE) {
    return err(CERTIFICATE_PROBLEMS.tooLarge(MAX_SIZE / 1024));
  }
  return ok({ pairs, clientCa: clientCa.value, ...told });
}

/** What is found out besides, while files are read. */
interface Told {
  readonly warnings: string[];
  readonly shown: Shown[];
}

function tell(file: string, certificate: X509Certificate, now: number, told: Told): void {
  const problem = validityProblem(file, certificate, now);
  if (problem !== null) told.warnings.push(problem);
  const [notBefore, notAfter] = [certificate.validFrom, certificate.validTo].map(
    (date) => Date.parse(date) / 1000,
  ) as [number, number];
  told.shown.push({ file, names: [...dnsNames(certificate)], not_after: notAfter, notBefore });
}

/** That one has expired is told once a day (`ending.ts`). */
function validityProblem(file: string, { validFrom }: X509Certificate, now: number) {
  if (Date.parse(validFrom) > now) {
    return `the certificate ${file} is valid from ${validFrom} only: clients will refuse it until then`;
  }
  return null;
}
