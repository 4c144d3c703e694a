import type { TLSSocket } from 'node:tls';

/**
 * What the worker is told of the certificate that a client has shown, as lines of a head; empty
 * when none was asked for. It was verified in the handshake.
 */
export function certificateLines(socket: TLSSocket): string {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined) return '';
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  return (
    'X-SSL-Client-Verify: SUCCESS\r\n' +
    `X-SSL-Client-Subject: ${nameText(certificate.subject)}\r\n` +
    `X-SSL-Client-Issuer: ${nameText(certificate.issuer)}\r\n` +
    `X-SSL-Client-Serial: ${certificate.serialNumber}\r\n` +
    `X-SSL-Client-Fingerprint: ${fingerprint}\r\n` +
    // RFC 9440 §2.2.
    `Client-Cert: :${certificate.raw.toString('base64')}:\r\n`
  );
}

/**
 * A distinguished name on one line (RFC 4514): Node writes a part a line, with a backslash before
 * what could be taken for the end of one, and leaves characters beyond ASCII as they are.
 */
export function nameText(name: string): string {
  return name
    .split('\n')
    .map((part) => part.replaceAll(/[^\x20-\x7e]/gu, inHex))
    .join(',');
}

function inHex(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `\\${byte.toString(16).padStart(2, '0').toUpperCase()}`)
    .join('');
}
