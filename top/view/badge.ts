import { duration } from '../../shared/units.js';
import { type Model, modelFreshness } from '../model/model.js';
import { age } from './ages.js';
import type { Span } from './frame.js';
import { glyphsFor } from './glyphs.js';
import { span } from './text.js';

/** Whole seconds from one up: `4 s`. */
function seconds(ms: number): string {
  return ms < 60_000 ? `${Math.max(1, Math.round(ms / 1000))} s` : duration(ms / 1000);
}

/** Whether what is on the screen can be believed, in a few words; fewer on a narrow terminal. */
export function badge(model: Model): Span {
  const { state } = glyphsFor(model.ascii);
  const narrow = model.width < 60;
  const fresh = modelFreshness(model);
  switch (fresh.kind) {
    case 'waiting':
      return span(`${state.start} connecting`, 'notice');
    case 'live':
      return span(`${state.busy} live ${age(fresh.age / 1000).padEnd(4)}`, 'work');
    case 'stale':
      return span(`${state.stuck} stale ${narrow ? '' : 'for '}${seconds(fresh.age)}`, 'attention');
    case 'problem':
      return span(
        `${state.stuck} ${fresh.age === null ? 'no data' : `no data for ${seconds(fresh.age)}`}`,
        'attention',
      );
    case 'disconnected': {
      const next = fresh.retryIn > 0 ? `retry in ${seconds(fresh.retryIn)}` : 'retrying';
      return span(`${state.dead} ${narrow ? '' : 'disconnected, '}${next}`, 'alarm');
    }
  }
}
