import type { Model } from '../model/model.js';
import type { Overlay } from '../model/overlay.js';
import type { Dialog } from './dialog.js';
import { sentLine } from './sent-line.js';
import { plural, press, span } from './text.js';

/** What became of commands that were sent together, a line each. */
export function outcomesDialog(
  model: Model,
  { ids, skipped }: Extract<Overlay, { kind: 'outcomes' }>,
): Dialog {
  const sent = model.commands.filter(({ id }) => ids.includes(id));
  const open = sent.filter(({ state }) => state === 'sent' || state === 'accepted');
  const done = sent.filter(({ state }) => state === 'done');
  const waiting = open.length === 0 ? '' : `, ${open.length} to come`;
  return {
    title: `${done.length} of ${plural(ids.length, 'command')} done${waiting}`,
    style: open.length === 0 && done.length < ids.length ? 'attention' : 'title',
    body: [
      ...sent.map((command) => sentLine(model, command)),
      ...skipped.map((text) => [span(text, 'notice')]),
    ],
    focus: Math.max(
      0,
      sent.findIndex((command) => open.includes(command)),
    ),
    foot: [[press('escape', 'Esc'), span(' closes; the events keep it', 'dim')]],
  };
}
