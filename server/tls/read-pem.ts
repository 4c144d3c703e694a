import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { CERTIFICATE_PROBLEMS } from '../problems/certificates.js';

/** Paths of a certificate, with its chain behind it, and of its key. */
interface PairFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate and its key, as they stand in their files. */
export interface ReadPair {
  readonly cert: string;
  readonly key: string;
  readonly certificate: X509Certificate;
}

/** Reads a certificate and its key, and looks whether clients could be served with them. */
export function readPair(files: PairFiles): Result<ReadPair, Problem> {
  const cert = readText(files.cert);
  if (!cert.ok) return cert;
  const key = readText(files.key);
  if (!key.ok) return key;
  const certificate = readCertificate(files.cert, cert.value);
  if (!certificate.ok) return certificate;
  const secret = readKey(files.key, key.value);
  if (!secret.ok) return secret;
  if (!certificate.value.checkPrivateKey(secret.value)) {
    return err(CERTIFICATE_PROBLEMS.notAPair(files.key, files.cert));
  }
  const pair = { cert: cert.value, key: key.value };
  const problem = tryOut(files, pair);
  return problem === null ? ok({ ...pair, certificate: certificate.value }) : err(problem);
}

/** Reads the certificates of those who sign those of clients. */
export function readAuthority(file: string): Result<string, Problem> {
  const text = readText(file);
  if (!text.ok) return text;
  const certificate = readCertificate(file, text.value);
  return certificate.ok ? text : certificate;
}

function readText(file: string): Result<string, Problem> {
  try {
    return ok(readFileSync(file, 'latin1'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return err(
      code === 'ENOENT'
        ? CERTIFICATE_PROBLEMS.fileMissing(file)
        : CERTIFICATE_PROBLEMS.fileUnreadable(file, messageOf(error)),
    );
  }
}

function readCertificate(file: string, text: string): Result<X509Certificate, Problem> {
  try {
    return ok(new X509Certificate(text));
  } catch {
    return err(CERTIFICATE_PROBLEMS.noCertificate(file));
  }
}

function readKey(file: string, text: string): Result<KeyObject, Problem> {
  if (/BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    return err(CERTIFICATE_PROBLEMS.keyEncrypted(file));
  }
  try {
    return ok(createPrivateKey(text));
  } catch {
    return err(CERTIFICATE_PROBLEMS.noKey(file));
  }
}

/** What only OpenSSL knows: keys that are too short, a chain that cannot be read. */
function tryOut(files: PairFiles, pair: PairFiles): Problem | null {
  try {
    createSecureContext({ ...pair });
    return null;
  } catch (error) {
    return CERTIFICATE_PROBLEMS.unusable(files.cert, files.key, messageOf(error));
  }
}
