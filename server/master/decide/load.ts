import { decideCheaper } from './cheaper/cheaper.js';
import type { MasterEvent } from './events.js';
import { type Decision, log } from './process.js';
import { resize } from './scale.js';
import { serving } from './slots.js';
import { active, type MasterState } from './state.js';

type LoadEvent = Extract<MasterEvent, { type: 'load' }>;

/**
 * Remembers what the workers have to do, and with `--cheaper` adapts their number to it. Not while
 * a reload runs, which would be given a moving target, nor while paused: nobody can be busy then.
 */
export function onLoad(state: MasterState, event: LoadEvent, now: number): Decision {
  const looked = { ...state, loads: event.workers };
  const { cheaper } = state.settings;
  if (cheaper === undefined || state.phase !== 'running') return [looked, []];
  if (state.reload !== null || state.paused) return [looked, []];
  const wanted = active(state);
  const serve = new Set(wanted.map((slot) => serving(slot)?.pid ?? 0));
  const { workers, memory, lines } = decideCheaper(
    cheaper,
    {
      active: wanted.length,
      processes: state.most,
      queue: event.queue,
      loads: event.workers.filter(({ pid }) => serve.has(pid)),
      now,
    },
    state.cheaper,
  );
  const [resized, effects] = resize({ ...looked, cheaper: memory }, workers, now);
  return [resized, [...lines.map((line) => log(line)), ...effects]];
}

/** Who leaves first depends on what they have to do; with --cheaper that is looked at every second. */
export function choosesWhoLeaves({ settings }: MasterState, event: MasterEvent): boolean {
  const isRenewed = event.type === 'reload' && event.renewed !== undefined;
  const isSizing = isRenewed || ['scale', 'scale-to', 'configured'].includes(event.type);
  return isSizing && settings.cheaper === undefined;
}
