import { ask, type Step } from './control-flow.js';
import type { Model } from './model.js';
import { allRows } from './table-state.js';

/** Opens the question before there is one worker more (`step` 1) or one fewer (-1). */
export function askScale(model: Model, step: 1 | -1): Step {
  const rows = allRows(model);
  const now = rows.filter(({ condition }) => condition.kind !== 'cheap').length;
  const workers = now + step;
  if (workers >= 1 && workers <= rows.length) return ask(model, { name: 'scale', workers });
  const text =
    step > 0 ? `all ${rows.length} workers run: that is what processes allows` : 'one worker stays';
  return [{ ...model, hint: { text, at: model.now } }, []];
}
