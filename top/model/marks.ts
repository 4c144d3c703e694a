import { differenceOf } from './difference.js';
import { documentTime } from './currency.js';
import { type Model } from './model.js';
import { type Overlay } from './overlay.js';
import { choiceAfter, closed, isClosing } from './overlay-keys.js';

/** Lines of the dialog that are no worker: titles and the sum, and its borders and foot. */
const HEAD = 2;
const AROUND = 3;

/** Marks the moment that is shown; with the second one, shows what differs. */
export function mark(model: Model): Model {
  const { shown } = model;
  if (shown?.document.kind !== 'instance') return hinted(model, 'there is nothing to mark yet');
  const here = { shown, time: documentTime(model) };
  if (model.mark === null) {
    const text = 'marked: press m at another moment, now or in the past, for what differs';
    return hinted({ ...model, mark: here }, text);
  }
  if (model.mark.shown.at === shown.at) {
    return hinted(model, 'this very moment is marked: wait, or go to another');
  }
  const inOrder = model.mark.shown.at < shown.at;
  const [from, to] = inOrder ? [model.mark, here] : [here, model.mark];
  return { ...model, mark: null, overlay: { kind: 'difference', from, to, scroll: 0 } };
}

function hinted(model: Model, text: string): Model {
  return { ...model, hint: { text, at: model.now } };
}

/** A key in the dialog of what differs. */
export function inDifference(
  model: Model,
  overlay: Extract<Overlay, { kind: 'difference' }>,
  key: string,
): Model {
  if (isClosing(key) || key === 'enter' || key === 'm') return closed(model);
  const workers = differenceOf(overlay.from.shown, overlay.to.shown)?.workers.length ?? 0;
  const hidden = Math.max(0, workers - Math.max(1, model.height - AROUND - HEAD));
  const scroll = choiceAfter(key, overlay.scroll, hidden + 1);
  return scroll === null ? model : { ...model, overlay: { ...overlay, scroll } };
}
