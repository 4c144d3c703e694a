import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import tls from 'node:tls';
import { type Authority, makeAuthority } from './certificates.js';
import { makeFolder } from './folder.js';
import type { TestServer } from './server.js';

const APP = `export default (req, res) => {
  while (req.url === '/spin');
  setTimeout(() => res.end(process.pid + ' ' + req.headers['x-forwarded-proto']), 5);
};\n`;

/** Where a server with TLS runs. */
export interface Place {
  readonly cwd: string;
  readonly authority: Authority;
  readonly ca: Buffer;
  /** Puts another certificate where the server looks for it. */
  readonly show: (name: string, hosts?: readonly string[]) => void;
}

/** A folder with an application, and a certificate that can be changed. */
export function makePlace(t: TestContext): Place {
  const cwd = makeFolder(t, { 'app.mjs': APP });
  const authority = makeAuthority(t, 'ca');
  const show = (name: string, hosts?: readonly string[]): void => {
    const { cert, key } = authority.sign(name, hosts);
    copyFileSync(key, path.join(cwd, 'key.pem'));
    copyFileSync(cert, path.join(cwd, 'cert.pem'));
  };
  show('first');
  return { cwd, authority, ca: readFileSync(authority.cert), show };
}

/** The options of one that is started there. */
export const HTTPS = ['--https', '127.0.0.1:0,cert.pem,key.pem', '-p', '2', '--disable-logging'];

/** The port of `--https`. */
export async function securePort(server: TestServer): Promise<number> {
  const match = await server.logged(/tsuwsgi https bound on .*:(\d+) fd/);
  return Number(match[1]);
}

/** Waits for a router and the workers. */
export async function isServing(server: TestServer): Promise<void> {
  await server.until('a router', ({ routers }) => routers[0]?.state === 'ready');
  await server.ready();
}

/** The subject of the certificate that is shown now, after a full handshake. */
export function shown(port: number, ca: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', ca }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
