import { assertNever } from '../../shared/result.js';
import { confirmed, type Step } from './control-flow.js';
import { settledEvents, shownEvents, withList } from './event-list.js';
import { pressed } from './keys.js';
import { filterOf } from './lists.js';
import type { Model } from './model.js';
import { markedAt, tasksOf } from './queue-tasks.js';
import { settledRequests, shownRequests, withRequests } from './request-list.js';
import { isRow } from './rows.js';
import { nextSort } from './sort-choice.js';
import { settled, sortOf, visibleRows, withSort, withTable } from './table-state.js';
import type { Target } from './target.js';
import { editKey } from './text-field.js';

/**
 * A click on what stood there. What is no longer there is not clicked, and only its own button
 * answers a question.
 */
export function clicked(model: Model, target: Target): Step {
  const { overlay } = model;
  if (target.kind === 'button') {
    if (overlay.kind !== 'confirm' || overlay.commands !== target.commands) return [model, []];
    return confirmed({ ...model, overlay: { ...overlay, focus: target.focus } });
  }
  if (target.kind === 'choice') return chosen(model, target);
  // Whoever clicks is done with typing: the key of a click is never a letter of the text.
  const typed = { ...model, prompt: null };
  const ready = filterOf(typed).editing ? editKey(typed, 'enter') : typed;
  if (target.kind === 'key') return pressed(ready, target.key);
  return [overlay.kind === 'none' ? marked(ready, target) : model, []];
}

/** A line of a menu is chosen; the chosen one is taken, as with Enter. */
function chosen(model: Model, { of, index }: Extract<Target, { kind: 'choice' }>): Step {
  const { overlay } = model;
  if (overlay.kind !== of || !('choice' in overlay)) return [model, []];
  if (overlay.choice === index) return pressed(model, 'enter');
  return [{ ...model, overlay: { ...overlay, choice: index } }, []];
}

type Place = Exclude<Target, { kind: 'button' | 'choice' | 'key' }>;

function marked(model: Model, target: Place): Model {
  switch (target.kind) {
    case 'sort':
      return withSort(model, nextSort(sortOf(model), target.by));
    case 'worker': {
      const { identity } = target;
      const index = visibleRows(model).findIndex((row) => isRow(row, identity));
      if (index < 0) return model;
      return settled(withTable({ ...model, hint: null }, { selection: { identity, index } }));
    }
    case 'request': {
      const index = shownRequests(model).findIndex(({ key }) => key === target.key);
      if (index < 0) return model;
      return settledRequests(withRequests(model, { mark: { key: target.key, index } }));
    }
    case 'event': {
      const index = shownEvents(model).events.findIndex(({ key }) => key === target.key);
      if (index < 0) return model;
      return settledEvents(withList(model, { mark: { key: target.key, index } }));
    }
    case 'task': {
      const index = tasksOf(model).findIndex(({ id }) => id === target.id);
      return index < 0 ? model : markedAt({ ...model, hint: null }, target.id, index);
    }
    default:
      return assertNever(target);
  }
}

/** A turn of the wheel moves as ↑ and ↓ do, but never the choice between two buttons. */
export function wheeled(model: Model, step: 1 | -1): Step {
  const typing = filterOf(model).editing || model.prompt !== null;
  const asks = model.overlay.kind === 'confirm' || model.overlay.kind === 'canary';
  if (typing || asks) return [model, []];
  return pressed(model, step > 0 ? 'down' : 'up');
}
