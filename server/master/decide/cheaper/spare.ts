import { countIdle } from './busy.js';
import type { CheaperMemory, Look, Verdict } from './memory.js';
import type { CheaperSettings } from './settings.js';

/**
 * uWSGI's default: one worker is to be spare. When all have been busy for more than `overload`
 * looks, `step` more are wanted; with two or more idle, one fewer every `overload` looks. While
 * workers are on their way none is added: they may be enough.
 */
export function spare(settings: CheaperSettings, look: Look, memory: CheaperMemory): Verdict {
  const idle = countIdle(look.busy);
  const high = idle === 0 && look.busy.length === look.active ? memory.high + 1 : 0;
  const low = idle > 1 ? memory.low + 1 : 0;
  if (high > settings.overload)
    return { change: settings.step, memory: { ...memory, high: 0, low } };
  if (low >= settings.overload) return { change: -1, memory: { ...memory, high, low: 0 } };
  return { change: 0, memory: { ...memory, high, low } };
}
