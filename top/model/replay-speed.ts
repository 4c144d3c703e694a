import type { Step } from './control-flow.js';
import type { Model } from './model.js';

/** The slowest and the fastest that keys lead to. */
const SLOWEST = 1 / 8;
const FASTEST = 1000;

/** Why the speed cannot be changed; null when it can. */
export function speedRefusal({ speed }: Model): string | null {
  if (speed === null) return 'only a recording has a speed: --replay FILE shows one';
  return speed === 0 ? 'with --speed 0 nothing is waited for' : null;
}

/** Shows a recording so many times as fast as before. */
export function atSpeed(model: Model, times: number): Step {
  if (model.speed === null) return [model, []];
  const speed = Math.min(FASTEST, Math.max(SLOWEST, model.speed * times));
  return speed === model.speed ? [model, []] : [{ ...model, speed }, [{ type: 'speed', speed }]];
}

/** Time of a recording stands still while a moment of its past is looked at. */
export function withHold([next, effects]: Step, before: Model): Step {
  const held = next.past !== null;
  if (before.speed === null || held === (before.past !== null)) return [next, effects];
  return [next, [...effects, { type: 'hold', held }]];
}
