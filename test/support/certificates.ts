import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { makeFolder } from './folder.js';

/** Paths of a certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test, which signs certificates for two days. */
export interface Authority extends Certificate {
  /** For `stats.example` and this machine, unless other DNS names are given. */
  sign(name: string, hosts?: readonly string[]): Certificate;
}

/** Why no certificates can be made here; null where they can. */
export function certificateProblem(): string | null {
  const found = spawnSync('openssl', ['version']);
  return found.status === 0 ? null : 'openssl is not installed';
}

/** Makes an authority with `openssl`; everything is removed with the test. */
export function makeAuthority(t: TestContext, name: string): Authority {
  const folder = makeFolder(t, {});
  const make = (subject: string, extra: readonly string[]): Certificate => {
    const cert = path.join(folder, `${subject}.pem`);
    const key = path.join(folder, `${subject}.key`);
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '2', '-subj', `/CN=${subject}`, '-keyout', key, '-out', cert, ...extra],
    ]);
    if (made.status !== 0) throw new Error(made.stderr.toString());
    return { cert, key };
  };
  const root = make(name, []);
  return {
    ...root,
    sign(subject, hosts = ['stats.example', 'localhost']) {
      const names = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join()},IP:127.0.0.1`;
      return make(subject, [
        ...['-CA', root.cert, '-CAkey', root.key],
        ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', names],
      ]);
    },
  };
}
