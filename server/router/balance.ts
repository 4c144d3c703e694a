/** What is known of a backend when one is chosen. */
export interface Candidate {
  readonly accepting: boolean;
  readonly inFlight: number;
}

/**
 * Which backend gets the next request: of those that accept and have a place (`cap`, 0: no cap) the
 * one with the fewest requests in flight, among equals the next one after `last`; -1 for none.
 * `avoided` is taken only when there is no other.
 */
export function leastBusy(
  backends: readonly Candidate[],
  cap: number,
  last: number,
  avoided = -1,
): number {
  let best = -1;
  let fewest = Infinity;
  const count = backends.length;
  for (let step = 1; step <= count; step++) {
    const at = (last + step) % count;
    const backend = backends[at];
    if (at === avoided || !hasPlace(backend, cap) || backend.inFlight >= fewest) continue;
    best = at;
    fewest = backend.inFlight;
  }
  return best < 0 && hasPlace(backends[avoided], cap) ? avoided : best;
}

function hasPlace(backend: Candidate | undefined, cap: number): backend is Candidate {
  return backend?.accepting === true && (cap === 0 || backend.inFlight < cap);
}
