/** Tells workers how many requests all others have counted, for the total in their request log. */
export interface RequestTotal {
  /** Tells each of `pids` what it does not know yet; called once a second. */
  tell(pids: readonly number[]): void;
  forget(pid: number): void;
}

/** `total` is over all workers, `own` what one of them has counted; what is sent is the difference. */
export function createRequestTotal(
  total: () => number,
  own: (pid: number) => number,
  send: (pid: number, requests: number) => void,
): RequestTotal {
  const told = new Map<number, number>();
  return {
    tell(pids) {
      const all = total();
      for (const pid of pids) {
        const requests = all - own(pid);
        if (told.get(pid) === requests) continue;
        told.set(pid, requests);
        send(pid, requests);
      }
    },
    forget: (pid) => void told.delete(pid),
  };
}
