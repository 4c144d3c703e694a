import type { Model } from './model.js';

/** The model without anything over the table. */
export function closed(model: Model): Model {
  return { ...model, overlay: { kind: 'none' } };
}

/** Whether a key closes a dialog. */
export function isClosing(key: string): boolean {
  return key === 'escape' || key === 'q';
}

/** Where a key leads in a list of `length` entries; null when it does not move. */
export function choiceAfter(key: string, choice: number, length: number): number | null {
  const to: Record<string, number> = {
    up: choice - 1,
    k: choice - 1,
    down: choice + 1,
    j: choice + 1,
    home: 0,
    g: 0,
    pageup: 0,
    end: length - 1,
    G: length - 1,
    pagedown: length - 1,
  };
  const wanted = Object.hasOwn(to, key) ? to[key] : undefined;
  return wanted === undefined ? null : Math.min(length - 1, Math.max(0, wanted));
}
