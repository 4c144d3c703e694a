import { editedBy, type Edited, inserted, limited } from './edited-text.js';
import { filterOf, LISTS } from './lists.js';
import type { Filter } from './list-states.js';
import type { Model } from './model.js';
import { sanitize } from './sanitize.js';

/** Longest filter, in characters. */
export const FILTER_LIMIT = 200;

/** The model with another filter on the screen that is shown. */
export function withFilter(model: Model, filter: Filter): Model {
  return LISTS[model.screen].withFilter(model, filter);
}

function withText(model: Model, edited: Edited): Model {
  return withFilter(model, { ...limited(edited, FILTER_LIMIT), editing: true });
}

/** A key while the filter is being typed: Enter keeps it, Esc clears it. */
export function editKey(model: Model, key: string): Model {
  const filter = filterOf(model);
  const { text } = filter;
  switch (key) {
    case 'enter':
      return withFilter(model, { text: text.trim(), editing: false });
    case 'escape':
      return withFilter(model, { text: '', editing: false });
    default: {
      const edited = editedBy(filter, key);
      return edited === null ? model : withText(model, edited);
    }
  }
}

/** A paste as one line, without anything a terminal obeys. */
export function oneLine(text: string): string {
  return sanitize(text.slice(0, FILTER_LIMIT * 4).replace(/[\t\r\n ]+/g, ' '));
}

/** A paste while the filter is being typed: one line, without anything a terminal obeys. */
export function paste(model: Model, text: string): Model {
  const filter = filterOf(model);
  return filter.editing ? withText(model, inserted(filter, oneLine(text))) : model;
}
