import type { BusynessMemory, CheaperMemory, Look, Verdict } from './memory.js';
import type { CheaperSettings } from './settings.js';

/** By how busy the workers are on average, and by the accept queue where that comes too late. */
export function busyness(settings: CheaperSettings, look: Look, memory: CheaperMemory): Verdict {
  const own = settings.busyness;
  const queued = look.queue > 0 ? memory.busyness.queued + 1 : 0;
  const looked = lookedAt(memory.busyness, look.busy, queued);
  const isLate = own.backlogNonzero > 0 && queued > own.backlogNonzero;
  const urgent = Math.min(
    look.room,
    look.queue > own.backlogAlert ? own.backlogStep : isLate ? 1 : 0,
  );
  const [change, next] =
    urgent > 0
      ? alarmed(looked, urgent)
      : looked.looks < settings.overload
        ? ([0, looked] as const)
        : cycle(settings, looked);
  return { change, memory: { ...memory, busyness: next } };
}

function lookedAt(memory: BusynessMemory, busy: readonly number[], queued: number): BusynessMemory {
  const mean = busy.reduce((sum, share) => sum + share, 0) / Math.max(1, busy.length);
  return { ...memory, sum: memory.sum + mean, looks: memory.looks + 1, queued };
}

type Step = readonly [number, BusynessMemory];

function alarmed(memory: BusynessMemory, workers: number): Step {
  const emergency = memory.emergency + workers;
  return [workers, { ...memory, emergency, calm: 0, queued: 0 }];
}

/** The end of a cycle: its average decides. */
function cycle(settings: CheaperSettings, memory: BusynessMemory): Step {
  const percent = (memory.sum / memory.looks) * 100;
  const { max, min } = settings.busyness;
  const fresh = { ...passed(settings, memory), sum: 0, looks: 0 };
  if (percent > max) return grown(settings, fresh);
  if (percent < min) return calmed(settings, { ...fresh, calm: fresh.calm + 1 });
  return [0, { ...fresh, calm: 0 }];
}

/** A worker that stays away for as long as it took to let it go was let go rightly. */
function passed({ busyness: own }: CheaperSettings, memory: BusynessMemory): BusynessMemory {
  if (memory.sinceCheaped === null) return memory;
  const since = memory.sinceCheaped + 1;
  if (since < own.multiplier + memory.penalty) return { ...memory, sinceCheaped: since };
  return { ...memory, sinceCheaped: null, penalty: 0 };
}

function grown({ step, busyness: own }: CheaperSettings, memory: BusynessMemory): Step {
  const wasTooSoon = memory.sinceCheaped !== null;
  const penalty = memory.penalty + (wasTooSoon ? own.penalty : 0);
  return [step, { ...memory, calm: 0, sinceCheaped: null, penalty }];
}

function calmed({ busyness: own }: CheaperSettings, memory: BusynessMemory): Step {
  const { emergency, penalty, calm } = memory;
  const patience = emergency > 0 ? own.backlogMultiplier : own.multiplier + penalty;
  if (calm < patience) return [0, memory];
  return [-1, { ...memory, calm: 0, sinceCheaped: 0, emergency: Math.max(0, emergency - 1) }];
}
