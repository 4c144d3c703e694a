import { diagnose } from '../model/diagnosis.js';
import type { Model } from '../model/model.js';
import { sanitizeShort } from '../model/sanitize.js';
import { instanceOf } from '../model/table-state.js';
import { cut } from './text.js';

/** The window title: what a person reads in a list of windows. */
export function windowTitle(model: Model): string {
  const instance = instanceOf(model);
  const name = sanitizeShort(instance?.name ?? '', 60);
  const trouble = diagnose(model);
  const alarm = trouble?.severity === 'alarm' ? ` - ${trouble.short}` : '';
  return cut(`tsuwsgitop ${name === '' ? model.address : name}${alarm}`, 200, '~');
}
