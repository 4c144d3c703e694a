import { MEMORY_WAYS } from '../model/memory-actions.js';
import type { Model } from '../model/model.js';
import type { Overlay } from '../model/overlay.js';
import type { Dialog } from './dialog.js';
import type { Glyphs } from './glyphs.js';
import { changeDialog, entry } from './menu-dialogs.js';
import { fit, press, span } from './text.js';

/** What can be done to the memory of one worker. */
export function memoryDialog(
  _model: Model,
  { target, choice }: Extract<Overlay, { kind: 'memory' }>,
  glyphs: Glyphs,
): Dialog {
  const body = MEMORY_WAYS.map(({ title, help }, index) =>
    entry('memory', index, choice, [
      span(fit(title, 9, 'left', glyphs.ellipsis), 'bright'),
      span(fit(help, 60, 'left', glyphs.ellipsis), 'dim'),
    ]),
  );
  return changeDialog(`The heap of worker ${target.worker}`, body, choice);
}

/** What is said of each list, and how many lines stand over it. */
const LISTS = {
  'heap-profile': { title: 'Who allocates in worker', heads: 2, foot: 'the file is' },
  'compare-snapshots': { title: 'What grew in worker', heads: 4, foot: 'the files are' },
} as const;

/** Who allocates, or what grew: the sentence of the outcome, then a line for each. */
export function allocatorsDialog(
  model: Model,
  { of, worker, lines, scroll }: Extract<Overlay, { kind: 'allocators' }>,
): Dialog {
  const { title, heads, foot } = LISTS[of];
  const room = Math.max(1, model.height - 3);
  return {
    title: `${title} ${worker}`,
    style: 'title',
    body: lines.map((line, index) => [span(line, index < heads ? 'normal' : 'bright')]),
    // Scrolling moves the last visible line down.
    focus: Math.min(lines.length - 1, room - 1 + scroll),
    foot: [[press('escape', 'Esc'), span(` closes; ${foot} on the server`, 'dim')]],
  };
}
