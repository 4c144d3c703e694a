import type { WorkerLoad } from '../events.js';
import { busynessOf } from './busy.js';
import { backlog } from './backlog.js';
import { busyness } from './busyness.js';
import type { CheaperMemory, Look, Verdict } from './memory.js';
import type { CheaperSettings } from './settings.js';
import { spare } from './spare.js';

/**
 * How many workers are wanted, decided once a second from what they have to do. The rules are those
 * of uWSGI's cheaper subsystem; what "busy" means in Node stands in busy.ts.
 */

export interface Situation {
  readonly active: number;
  readonly processes: number;
  readonly queue: number;
  /** Of the processes that serve. */
  readonly loads: readonly WorkerLoad[];
  readonly now: number;
}

/** Decides how many workers are wanted from now on. */
export function decideCheaper(
  settings: CheaperSettings,
  situation: Situation,
  memory: CheaperMemory,
): { readonly workers: number; readonly memory: CheaperMemory; readonly lines: readonly string[] } {
  const { active, processes, loads, queue, now } = situation;
  const before = new Map(memory.running);
  const since = memory.at === null ? null : now - memory.at;
  const busy = loads.map((load) => {
    const last = before.get(load.pid);
    const ran =
      last === undefined || since === null ? null : { micros: load.runningTime - last, ms: since };
    return busynessOf(load, ran, settings.async);
  });
  const running = loads.map(({ pid, runningTime }) => [pid, runningTime] as const);
  const remembered = { ...memory, at: now, running };
  const verdict = ALGORITHMS[settings.algorithm](
    settings,
    { active, busy, queue, room: processes - active },
    remembered,
  );
  return limited(settings, situation, verdict);
}

type Algorithm = (settings: CheaperSettings, look: Look, memory: CheaperMemory) => Verdict;

const ALGORITHMS: Readonly<Record<CheaperSettings['algorithm'], Algorithm>> = {
  spare,
  backlog,
  busyness,
};

/** Holds a verdict to `--cheaper`, `--processes` and `--cheaper-rss-limit-soft`. */
function limited(
  settings: CheaperSettings,
  { active, processes, loads }: Situation,
  { change, memory }: Verdict,
): { workers: number; memory: CheaperMemory; lines: string[] } {
  const workers = Math.max(settings.minimum, Math.min(processes, active + change));
  const used = loads.reduce((sum, { rss }) => sum + rss, 0);
  const isOver = settings.rssLimit > 0 && used > settings.rssLimit;
  if (workers <= active || !isOver) {
    return { workers, memory: { ...memory, held: memory.held && isOver }, lines: [] };
  }
  const line = `no worker is added: all use ${used} bytes, above --cheaper-rss-limit-soft ${settings.rssLimit}`;
  return { workers: active, memory: { ...memory, held: true }, lines: memory.held ? [] : [line] };
}
