import { duration } from '../../shared/units.js';
import { type Model, modelFreshness } from '../model/model.js';
import type { Span } from './frame.js';
import { glyphsFor } from './glyphs.js';
import { span } from './text.js';

/** Seconds with a decimal below ten; five columns, so that nothing beside it moves. */
function ageText(ms: number): string {
  return ms < 9950 ? `${(ms / 1000).toFixed(1)}s` : duration(ms / 1000);
}

/** Whole seconds from one up: `4 s`. */
function seconds(ms: number): string {
  return ms < 60_000 ? `${Math.max(1, Math.round(ms / 1000))} s` : duration(ms / 1000);
}

/** Whether what is on the screen can be believed, in a few words. */
export function badge(model: Model): Span {
  const { state } = glyphsFor(model.ascii);
  const fresh = modelFreshness(model);
  switch (fresh.kind) {
    case 'waiting':
      return span(`${state.start} connecting`, 'notice');
    case 'live':
      return span(`${state.busy} live ${ageText(fresh.age).padEnd(4)}`, 'work');
    case 'stale':
      return span(`${state.stuck} stale for ${seconds(fresh.age)}`, 'attention');
    case 'problem':
      return span(
        `${state.stuck} ${fresh.age === null ? 'no data' : `no data for ${seconds(fresh.age)}`}`,
        'attention',
      );
    case 'disconnected': {
      const next = fresh.retryIn > 0 ? `retry in ${seconds(fresh.retryIn)}` : 'retrying';
      return span(`${state.dead} disconnected, ${next}`, 'alarm');
    }
  }
}
