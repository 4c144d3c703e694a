/** How often one peer may fail and ask, over all its connections. */
export interface GuardLimits {
  /** Wrong keys within `lockOutMs` before no further one is looked at. */
  readonly maxPeerFailures: number;
  /** For how long; milliseconds. */
  readonly lockOutMs: number;
  readonly maxCommandsPerSecond: number;
}

/** Remembers what peers did, by a name that says who they are; null is nobody in particular. */
export interface Guard {
  isLockedOut(peer: string | null): boolean;
  /** A wrong key; true when it is the one that locks the peer out. */
  failed(peer: string | null): boolean;
  /** Whether a peer may give one more command in this second. */
  admits(peer: string | null): boolean;
}

/** More peers than this are forgotten, the oldest first: the memory of strangers is bounded. */
const MAX_PEERS = 10_000;

interface Count {
  readonly since: number;
  count: number;
}

/** `now` is the monotonic clock in milliseconds. */
export function createGuard(limits: GuardLimits, now: () => number): Guard {
  const failures = new Map<string, Count>();
  const commands = new Map<string, Count>();
  return {
    isLockedOut(peer) {
      if (peer === null) return false;
      const found = current(failures, peer, now(), limits.lockOutMs);
      return found !== undefined && found.count >= limits.maxPeerFailures;
    },
    failed(peer) {
      if (peer === null) return false;
      const found = current(failures, peer, now(), limits.lockOutMs);
      const count = (found?.count ?? 0) + 1;
      // What locks a peer out starts the clock of the lock-out.
      const locks = count === limits.maxPeerFailures;
      const since = found === undefined || locks ? now() : found.since;
      remember(failures, peer, { since, count });
      return locks;
    },
    admits(peer) {
      const name = peer ?? '';
      const found = current(commands, name, now(), 1000);
      if (found === undefined) {
        remember(commands, name, { since: now(), count: 1 });
        return true;
      }
      found.count++;
      return found.count <= limits.maxCommandsPerSecond;
    },
  };
}

function current(
  counts: Map<string, Count>,
  peer: string,
  at: number,
  forMs: number,
): Count | undefined {
  const found = counts.get(peer);
  return found !== undefined && at - found.since < forMs ? found : undefined;
}

function remember(counts: Map<string, Count>, peer: string, count: Count): void {
  // Deleted first, so that the order of the map is that of the last change.
  counts.delete(peer);
  counts.set(peer, count);
  if (counts.size <= MAX_PEERS) return;
  const [oldest] = counts.keys();
  if (oldest !== undefined) counts.delete(oldest);
}
