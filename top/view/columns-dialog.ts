import { shownColumns } from '../model/column-chooser.js';
import { COLUMN_SPECS } from '../model/column-specs.js';
import type { Model } from '../model/model.js';
import type { Overlay } from '../model/overlay.js';
import type { Dialog } from './dialog.js';
import type { Line } from './frame.js';
import { type Glyphs } from './glyphs.js';
import { keyName } from './key-names.js';
import { fit, linked, press, restyled, span } from './text.js';

const TITLE_WIDTH = 15;

/** All columns with what they mean; a sign stands at those that are shown. */
export function columnsDialog(
  model: Model,
  { order, choice }: Extract<Overlay, { kind: 'columns' }>,
  glyphs: Glyphs,
): Dialog {
  const shown = shownColumns(model);
  const specs = order.flatMap((id) => COLUMN_SPECS.filter((spec) => spec.id === id));
  const widest = Math.max(...specs.map(({ meaning }) => meaning.length));
  const body = specs.map(({ id, title, meaning }, index): Line => {
    const on = shown.includes(id);
    const line = [
      span(index === choice ? `${glyphs.marker} ` : '  '),
      span(on ? '[x] ' : '[ ] ', on ? 'key' : 'dim'),
      span(
        fit(title === '' ? id : title, TITLE_WIDTH, 'left', glyphs.ellipsis),
        on ? 'bright' : 'dim',
      ),
      span(fit(meaning, widest, 'left', glyphs.ellipsis), 'dim'),
    ];
    const seen = index === choice ? restyled(line, 'selected') : line;
    return linked(seen, { kind: 'choice', of: 'columns', index });
  });
  const [left, right] = ['left', 'right'].map((key) => keyName(key, model.ascii));
  return {
    title: `Columns: ${shown.length} of ${order.length}`,
    style: 'title',
    body,
    focus: choice,
    foot: [
      [
        ...[press('space', 'Space'), span(' shows or hides  ', 'dim')],
        ...[span(`${left ?? ''} ${right ?? ''}`, 'key'), span(' moves  ', 'dim')],
        ...[
          press('d', 'd'),
          span(' default  ', 'dim'),
          press('escape', 'Esc'),
          span(' closes', 'dim'),
        ],
      ],
    ],
  };
}
