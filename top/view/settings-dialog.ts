import type { Model } from '../model/model.js';
import { SETTINGS } from '../model/settings.js';
import type { Dialog } from './dialog.js';
import type { Line } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { keyName } from './key-names.js';
import { fit, linked, press, restyled, span } from './text.js';

const NAME_WIDTH = 10;
const VALUE_WIDTH = 24;

/** What can be set, and how it is set now. */
export function settingsDialog(model: Model, choice: number, glyphs: Glyphs): Dialog {
  const body = SETTINGS.map(({ name, label, value }, index): Line => {
    const line = [
      span(index === choice ? `${glyphs.marker} ` : '  '),
      span(fit(name, NAME_WIDTH, 'left', glyphs.ellipsis)),
      span(fit(value(model), VALUE_WIDTH, 'left', glyphs.ellipsis), 'bright'),
      span(` ${label}${noteOf(model, name)}`, 'dim'),
    ];
    const seen = index === choice ? restyled(line, 'selected') : line;
    return linked(seen, { kind: 'choice', of: 'settings', index });
  });
  const [left, right] = [keyName('left', model.ascii), keyName('right', model.ascii)];
  return {
    title: 'Settings',
    style: 'title',
    body,
    focus: choice,
    foot: [
      [
        ...[press('left', left), span(' '), press('right', right), span(' changes  ', 'dim')],
        ...[press('s', 's'), span(' saves  ', 'dim')],
        ...[press('escape', 'Esc'), span(' closes', 'dim')],
      ],
      // A word about what was done stands at the foot of the screen, which a low one has covered.
      ...(model.hint === null ? [] : [[span(model.hint.text, 'notice')]]),
    ],
  };
}

/** Why a value does not show. */
function noteOf({ colours }: Model, name: string): string {
  return name === 'theme' && !colours ? ', not shown: NO_COLOR, --mono or the terminal' : '';
}
