const NAME = 'Strict-Transport-Security';

/**
 * Adds to the fields of an answer that browsers shall come by HTTPS only (RFC 6797); null: nothing
 * is said. What the application says itself holds.
 */
export function withTransportSecurity(fields: string[], value: string | null): string[] {
  if (value === null) return fields;
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i]?.toLowerCase() === NAME.toLowerCase()) return fields;
  }
  fields.push(NAME, value);
  return fields;
}

/** What is said for so many seconds, on a connection with TLS only (RFC 6797 §7.2). */
export function transportSecurity(
  seconds: number | undefined,
  isEncrypted: boolean,
): string | null {
  return seconds === undefined || !isEncrypted ? null : `max-age=${seconds}`;
}
