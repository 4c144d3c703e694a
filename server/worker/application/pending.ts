/** How often the event loop's contents are looked at, and how often in a row they must be bare. */
const LOOK_EVERY_MS = 25;
const QUIET_LOOKS = 8;

export interface PendingWatch {
  /** Resolves when nothing that could still call `listen()` is under way. */
  readonly nothingPending: Promise<void>;
  stop(): void;
}

/**
 * What keeps the event loop alive now: take it before the application is loaded. The standard
 * streams are made on first use and would count from then on; so they are made here.
 */
export function baselineResources(): readonly string[] {
  Reflect.get(process, 'stdout');
  Reflect.get(process, 'stderr');
  return process.getActiveResourcesInfo();
}

/**
 * Watches for the moment when a loaded module has nothing left to do: no timer, socket, file or
 * lookup beyond those of `baseline`, for 200 ms on end. In a program of its own Node would exit
 * then; in a worker the monitor and the master's pipes keep the loop alive, so that only a count
 * by kind tells. Unreferenced resources do not count, as in Node.
 */
export function watchPending(baseline: readonly string[]): PendingWatch {
  let settle: () => void = () => undefined;
  const nothingPending = new Promise<void>((resolve) => (settle = resolve));
  let quiet = 0;
  const timer = setInterval(() => {
    quiet = isPending(baseline, process.getActiveResourcesInfo()) ? 0 : quiet + 1;
    if (quiet >= QUIET_LOOKS) settle();
  }, LOOK_EVERY_MS).unref();
  process.once('beforeExit', settle);
  return {
    nothingPending,
    stop: () => {
      clearInterval(timer);
      process.off('beforeExit', settle);
    },
  };
}

/** Whether some kind of resource is there more often than in the baseline. */
export function isPending(baseline: readonly string[], now: readonly string[]): boolean {
  const rest = new Map<string, number>();
  for (const kind of baseline) rest.set(kind, (rest.get(kind) ?? 0) + 1);
  for (const kind of now) {
    const left = rest.get(kind) ?? 0;
    if (left === 0) return true;
    rest.set(kind, left - 1);
  }
  return false;
}
