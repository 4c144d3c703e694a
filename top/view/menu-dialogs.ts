import { reloadRefusal } from '../model/control-flow.js';
import type { Model } from '../model/model.js';
import type { Overlay } from '../model/overlay.js';
import type { RowIdentity } from '../model/rows.js';
import { waysOf } from '../model/server-ways.js';
import { SORT_KEYS } from '../model/sort-keys.js';
import type { Dialog } from './dialog.js';
import type { Line, StyleName } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { fit, linked, press, restyled, span } from './text.js';

/** The columns to sort by. */
export function sortDialog(model: Model, choice: number, glyphs: Glyphs): Dialog {
  const { sort } = model.table;
  const body = SORT_KEYS.map(({ id, title }, index): Line => {
    const sign = sort.descending ? glyphs.descending : glyphs.ascending;
    return entry('sort', index, choice, [
      span(fit(title, 22, 'left', glyphs.ellipsis)),
      span(id === sort.by ? sign : ' ', 'bright'),
    ]);
  });
  return {
    title: 'Sort by',
    style: 'title',
    body,
    focus: choice,
    foot: [[press('enter', 'Enter'), span(' again reverses', 'dim')]],
  };
}

/** A line of a menu: brackets mark the chosen one also where there is no colour. */
export function entry(of: Overlay['kind'], index: number, choice: number, line: Line): Line {
  const chosen = index === choice;
  const framed = [span(chosen ? '[ ' : '  '), ...line, span(chosen ? ' ]' : '  ')];
  return linked(chosen ? restyled(framed, 'selected') : framed, { kind: 'choice', of, index });
}

/** The ways to end workers, one or those that are tagged. */
export function signalsDialog(
  model: Model,
  targets: readonly RowIdentity[],
  choice: number,
  glyphs: Glyphs,
): Dialog {
  const body = waysOf(model).signals.map(({ signal, title, help }, index) =>
    entry('signals', index, choice, [
      span(fit(signal, 5, 'left', glyphs.ellipsis), 'bright'),
      span(fit(title, 8, 'left', glyphs.ellipsis)),
      span(fit(help, 54, 'left', glyphs.ellipsis), 'dim'),
    ]),
  );
  const [first] = targets;
  const who = targets.length > 1 ? `${targets.length} workers` : `worker ${first?.worker ?? 0}`;
  return changeDialog(`Kill ${who}: how?`, body, choice);
}

/** The ways to reload all workers. */
export function reloadsDialog(model: Model, choice: number, glyphs: Glyphs): Dialog {
  const body = waysOf(model).reloads.map(({ mode, name, title, help }, index) => {
    const refusal = reloadRefusal(model, mode);
    const style = (usual: StyleName): StyleName => (refusal === null ? usual : 'dim');
    return entry('reloads', index, choice, [
      span(fit(name, 9, 'left', glyphs.ellipsis), style('bright')),
      span(fit(title, 16, 'left', glyphs.ellipsis), style('normal')),
      span(fit(refusal ?? help, 45, 'left', glyphs.ellipsis), 'dim'),
    ]);
  });
  return changeDialog('Reload all workers: how?', body, choice);
}

/** A menu of what changes the server: a choice leads to the question. */
export function changeDialog(title: string, body: readonly Line[], focus: number): Dialog {
  return {
    title,
    style: 'attention',
    body,
    focus,
    foot: [
      [],
      [
        press('enter', 'Enter'),
        span(' asks once more  ', 'dim'),
        press('escape', 'Esc'),
        span(' closes', 'dim'),
      ],
    ],
  };
}
