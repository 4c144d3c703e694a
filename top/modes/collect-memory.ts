import { NO_LIMITS } from '../../shared/memory/points.js';
import type { MemoryHistory } from '../../shared/memory/history.js';
import { err, ok, type Result } from '../../shared/result.js';
import { duration } from '../../shared/units.js';
import { TIMING } from '../client/clock.js';
import { type Failure, isUnreachable, withRemedy } from '../client/failure.js';
import { fetchHistory } from '../client/memory-history.js';
import { fetchOnce } from '../client/once.js';
import type { Target } from '../client/target.js';
import type { Clock } from '../clock.js';
import { exitCode } from '../exit-codes.js';
import { createSeriesBook } from '../model/memory-series.js';
import { withoutWorkers } from '../model/without-workers.js';
import type { Ending } from '../terminal/ending.js';
import { limitsIn } from '../model/memory-limit.js';
import { type CollectedMemory, sourceOf } from './collected-memory.js';
import { failed } from './source.js';

export interface CollectOptions {
  readonly windowS: number;
  /** `--now`: what there is, without a wait. */
  readonly now: boolean;
  readonly keyFile: string | undefined;
  readonly clock: Clock;
  /** Tells how far it is. */
  readonly tell: (message: string) => void;
}

/** How often is looked while something is missing: then the figures are measured so often. */
const LOOK_MS = 5000;
/** How often a wait tells that it is one. */
const TELL_MS = 30_000;
/** What a tsuwsgi keeps. */
const KEPT_S = 3600;

/**
 * Takes the history that a tsuwsgi holds, and waits for what is missing of the window; of any other
 * server the stats are read for as long as the window is.
 */
export async function collectFromServer(
  target: Target,
  options: CollectOptions,
): Promise<Result<CollectedMemory, Ending>> {
  const asked = { clock: options.clock, timing: TIMING, keyFile: options.keyFile };
  const progress = progressOf(options);
  for (;;) {
    const history = await fetchHistory(target, asked);
    if (!history.ok) {
      if (isUnreachable(history.error.code)) return err(endingOf(history.error));
      return collectFromStats(target, options);
    }
    if (options.windowS > KEPT_S && !options.now) {
      const most = `--window ${options.windowS} s: a tsuwsgi keeps an hour, give at most --window 1h`;
      return err(failed(exitCode('wrong'), most));
    }
    const missing = options.windowS - history.value.heldS;
    if (options.now || missing <= 0) return ok(collectedOf(history.value));
    progress(missing);
    await wait(options.clock, Math.min(LOOK_MS, missing * 1000));
  }
}

function collectedOf({ workers, limits, time }: MemoryHistory): CollectedMemory {
  return { series: workers, limits, source: 'tsuwsgi', time };
}

/** Reads the stats again and again: what a uWSGI tells, and a tsuwsgi whose history is locked. */
async function collectFromStats(
  target: Target,
  { windowS, now, keyFile, clock, tell }: CollectOptions,
): Promise<Result<CollectedMemory, Ending>> {
  const book = createSeriesBook(windowS);
  const began = clock.now();
  const progress = progressOf({ clock, tell });
  let lost = false;
  let limits = NO_LIMITS;
  for (let source: CollectedMemory['source'] | null = null; ;) {
    const fetched = await fetchOnce(target, { keyFile });
    const time = clock.wallMs() / 1000;
    if (fetched.ok) {
      const { document } = fetched.value;
      const refusal = withoutWorkers(document);
      if (refusal !== null) return err(failed(exitCode('foreign'), refusal));
      if (document.kind === 'instance') book.take(time, document.instance);
      source = sourceOf(document);
      limits = limitsIn(document);
    } else {
      if (source === null) return err(endingOf(fetched.error));
      if (!lost) tell(`${fetched.error.message}; it is tried again`);
    }
    lost = !fetched.ok;
    const missing = windowS - (clock.now() - began) / 1000;
    if (now || missing <= 0) {
      return ok({ series: book.series(), limits, source, time });
    }
    progress(missing);
    await wait(clock, Math.min(LOOK_MS, Math.max(0, missing * 1000)));
  }
}

/** Says how long it still takes, at first and from time to time. */
function progressOf({ clock, tell }: Pick<CollectOptions, 'clock' | 'tell'>) {
  let toldAt: number | null = null;
  return (missingS: number): void => {
    if (toldAt !== null && clock.now() - toldAt < TELL_MS) return;
    const isFirst = toldAt === null;
    toldAt = clock.now();
    const rest = duration(Math.ceil(missingS));
    tell(
      isFirst ? `${rest} of the window are missing and waited for; --now does not` : `${rest} left`,
    );
  };
}

function endingOf(failure: Failure): Ending {
  const reason = isUnreachable(failure.code) ? 'unreachable' : 'foreign';
  return failed(exitCode(reason), withRemedy(failure));
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
