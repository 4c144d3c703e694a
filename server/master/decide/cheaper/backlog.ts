import { countIdle } from './busy.js';
import type { CheaperMemory, Look, Verdict } from './memory.js';
import type { CheaperSettings } from './settings.js';

/**
 * By the accept queue, as uWSGI's `backlog`, for unix sockets too: when more than `overload`
 * connections wait, `step` more workers are wanted at once. One fewer is, when fewer have waited for
 * `overload` looks in a row and a worker has nothing to do: uWSGI goes down at the first such look,
 * and up again at the next burst.
 */
export function backlog(settings: CheaperSettings, look: Look, memory: CheaperMemory): Verdict {
  if (look.queue > settings.overload) {
    return { change: settings.step, memory: { ...memory, low: 0 } };
  }
  const isCalm = look.queue < settings.overload && countIdle(look.busy) > 0;
  const low = isCalm ? memory.low + 1 : 0;
  if (low >= settings.overload) return { change: -1, memory: { ...memory, low: 0 } };
  return { change: 0, memory: { ...memory, low } };
}
