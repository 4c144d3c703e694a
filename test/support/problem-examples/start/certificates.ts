import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCredentials } from '../../../../server/master/tls/read-credentials.js';
import { parseTlsOption } from '../../../../server/options/stats-tls.js';
import type { CERTIFICATE_PROBLEMS } from '../../../../server/problems/certificates.js';
import { readTlsContext } from '../../../../server/stats/tls-side.js';
import type { StartExample } from '../hold.js';
import { failed } from './failed.js';

/** Makes a certificate `cert.pem` and its key `key.pem`. */
function makePair(folder: string, newKey: readonly string[]): void {
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', ...newKey, '-nodes', '-subj', '/CN=shop'],
    ...['-keyout', path.join(folder, 'key.pem'), '-out', path.join(folder, 'cert.pem')],
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
}

const EC = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const WEAK = ['rsa:512'];

/** A pair of which something is changed, on an address of `--https`. */
function pairAfter(
  change: (folder: string) => void,
  ...names: StartExample['names']
): StartExample {
  const told: StartExample['told'] = (folder) => {
    makePair(folder, EC);
    change(folder);
    return readPairIn(folder);
  };
  return { told, names: ['--https :443', ...names] };
}

function readPairIn(folder: string) {
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const address = { address: ':443', pairs: [{ cert, key }], clientCa: null };
  return failed(readCredentials(address, Date.now()));
}

export const CERTIFICATE_EXAMPLES: Readonly<
  Record<keyof typeof CERTIFICATE_PROBLEMS, StartExample>
> = {
  fileMissing: { told: readPairIn, names: ['--https :443', 'cert.pem'] },
  fileUnreadable: {
    told: (folder) => {
      const option = parseTlsOption(`:9443,${folder},key.pem`);
      return failed(option.ok ? readTlsContext(option.value) : option);
    },
    names: ['--stats-tls :9443', 'EISDIR'],
  },
  noCertificate: pairAfter((folder) => {
    writeFileSync(path.join(folder, 'cert.pem'), 'text');
  }, 'cert.pem'),
  keyEncrypted: pairAfter((folder) => {
    writeFileSync(path.join(folder, 'key.pem'), '-----BEGIN ENCRYPTED PRIVATE KEY-----\n');
  }, 'key.pem'),
  noKey: pairAfter((folder) => {
    writeFileSync(path.join(folder, 'key.pem'), 'text');
  }, 'key.pem'),
  notAPair: pairAfter(
    (folder) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
      writeFileSync(path.join(folder, 'key.pem'), pem);
    },
    'key.pem',
    'cert.pem',
  ),
  unusable: pairAfter(
    (folder) => {
      makePair(folder, WEAK);
    },
    'cert.pem',
    'key.pem',
  ),
  tooLarge: pairAfter((folder) => {
    appendFileSync(path.join(folder, 'cert.pem'), '\n'.repeat(201 * 1024));
  }, '200 KiB'),
};
