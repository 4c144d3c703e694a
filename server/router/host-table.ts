/** What belongs to which host. */
export interface HostTable<T> {
  /** Undefined: nothing is for this host alone. */
  find(host: string): T | undefined;
}

/**
 * Hosts by name, in any case: a name itself wins over a wildcard, which stands for exactly one label
 * (RFC 6125 §6.4.3), and the first of equal ones over the others.
 */
export function createHostTable<T>(
  entries: readonly { readonly names: readonly string[]; readonly value: T }[],
): HostTable<T> {
  const table = new Map<string, T>();
  for (const { names, value } of entries) {
    for (const name of names) {
      const lower = name.toLowerCase();
      if (!table.has(lower)) table.set(lower, value);
    }
  }
  return {
    find(host) {
      const lower = host.toLowerCase();
      const dot = lower.indexOf('.');
      return table.get(lower) ?? (dot < 0 ? undefined : table.get(`*${lower.slice(dot)}`));
    },
  };
}
