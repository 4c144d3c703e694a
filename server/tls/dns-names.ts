import type { X509Certificate } from 'node:crypto';

/** The DNS names that a certificate is for. */
export function dnsNames({ subjectAltName }: X509Certificate): readonly string[] {
  return (subjectAltName ?? '').split(', ').flatMap((name) => {
    const dns = /^DNS:((?:\*\.)?[\w.-]+)$/.exec(name)?.[1];
    return dns === undefined ? [] : [dns];
  });
}
