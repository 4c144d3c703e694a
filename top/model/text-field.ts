import { filterOf, LISTS } from './lists.js';
import type { Filter, Model } from './model.js';
import { sanitize } from './sanitize.js';

/** Longest filter, in characters. */
export const FILTER_LIMIT = 200;

/** The model with another filter on the screen that is shown. */
export function withFilter(model: Model, filter: Filter): Model {
  return LISTS[model.screen].withFilter(model, filter);
}

function withText(model: Model, text: string): Model {
  const limited = sanitize(text.slice(0, FILTER_LIMIT * 2)).slice(0, FILTER_LIMIT);
  return withFilter(model, { text: limited, editing: true });
}

/** A key while the filter is being typed: Enter keeps it, Esc clears it. */
export function editKey(model: Model, key: string): Model {
  const { text } = filterOf(model);
  switch (key) {
    case 'enter':
      return withFilter(model, { text: text.trim(), editing: false });
    case 'escape':
      return withFilter(model, { text: '', editing: false });
    default: {
      const edited = editedText(text, key);
      return edited === null ? model : withText(model, edited);
    }
  }
}

/** A text after a key that edits it; null when the key does not. */
export function editedText(text: string, key: string): string | null {
  switch (key) {
    case 'backspace':
      return text.slice(0, -1);
    case 'ctrl-u':
      return '';
    case 'ctrl-w':
      return text.replace(/\S*\s*$/, '');
    case 'space':
      return `${text} `;
    default:
      // A printable character is its own name; every other key has a longer one.
      return /^.$/u.test(key) ? text + sanitize(key) : null;
  }
}

/** A paste as one line, without anything a terminal obeys. */
export function oneLine(text: string): string {
  return sanitize(text.slice(0, FILTER_LIMIT * 4).replace(/[\t\r\n ]+/g, ' '));
}

/** A paste while the filter is being typed: one line, without anything a terminal obeys. */
export function paste(model: Model, text: string): Model {
  const { text: before, editing } = filterOf(model);
  if (!editing) return model;
  return withText(model, before + oneLine(text));
}
