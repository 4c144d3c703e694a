import { GROUPS, keymapOf } from '../model/keymap.js';
import type { EventKind } from '../model/events.js';
import type { Model } from '../model/model.js';
import { PROMPT_COMMANDS } from '../model/prompt-commands.js';
import type { WorkerKind } from '../model/worker-state.js';
import type { Dialog } from './dialog.js';
import { EVENT_LOOKS } from './event-looks.js';
import type { Line } from './frame.js';
import { type Glyphs, STATE_STYLES } from './glyphs.js';
import { keyName } from './key-names.js';
import { fit, lineWidth, padded, press, span } from './text.js';

function groupLines(model: Model, groups: readonly string[]): Line[] {
  const keys = keymapOf(model.screen);
  return groups.flatMap((group, index): Line[] => [
    ...(index === 0 ? [] : [[]]),
    [span(group, 'title')],
    ...keys
      .filter((binding) => binding.group === group)
      .map((binding): Line => {
        const keys = binding.keys.map((key) => keyName(key, model.ascii)).join(' ');
        const off = (binding.disabledReason?.(model) ?? null) !== null;
        return [
          span(fit(keys, 9, 'left', '~'), off ? 'dim' : 'key'),
          span(` ${binding.help}`, off ? 'dim' : 'normal'),
        ];
      }),
  ]);
}

/** What can be typed after `:`; Tab and an error say more of it. */
function commandLines(): Line[] {
  return [
    [span('Commands', 'title')],
    ...PROMPT_COMMANDS.map(({ name, usage }): Line => [span(`:${name}`, 'key'), span(` ${usage}`)]),
  ];
}

/** Every key with what it does, made from the keymap; keys without effect now are dim. */
export function helpDialog(model: Model, scroll: number, glyphs: Glyphs): Dialog {
  const [move, look, ...rest] = GROUPS;
  const left = groupLines(model, [move ?? '', look ?? '']);
  const right = [...groupLines(model, rest), [], ...commandLines(), [], ...legend(glyphs)];
  const columns = model.width >= 80;
  const body = columns ? sideBySide(left, right) : [...left, [], ...right];
  const room = Math.max(1, model.height - 4);
  return {
    title: 'tsuwsgitop keys',
    style: 'title',
    body,
    // Scrolling moves the last visible line down.
    focus: Math.min(body.length - 1, room - 1 + scroll),
    foot: [[press('escape', 'Esc'), span(' closes', 'dim')]],
  };
}

/** Kinds of events whose letters differ, most important last. */
const TICKS: readonly (readonly EventKind[])[] = [
  ['reload', 'death', 'queue'],
  ['lost', 'harakiri'],
];

/** What the letters under the charts mean. */
function tickLegend(): Line[] {
  return TICKS.map((kinds) =>
    kinds.flatMap((kind) => {
      const { word, bad, tick } = EVENT_LOOKS[kind];
      return tick === undefined
        ? []
        : [span(`${tick.letter} `, bad), span(fit(word, 9, 'left', '~'))];
    }),
  );
}

/** What the signs of the STATUS column mean. */
function legend(glyphs: Glyphs): Line[] {
  const signs = (kinds: readonly WorkerKind[]): Line =>
    kinds.flatMap((kind) => [
      span(`${glyphs.state[kind]} `, STATE_STYLES[kind]),
      span(fit(kind, 9, 'left', '~')),
    ]);
  return [
    [span('Signs', 'title')],
    signs(['busy', 'idle', 'cheap']),
    signs(['start', 'drain', 'pause']),
    signs(['stuck', 'dead', 'backoff']),
    ...tickLegend(),
    [span(`${glyphs.unknown} is unknown, never zero`, 'dim')],
  ];
}

function sideBySide(left: readonly Line[], right: readonly Line[]): Line[] {
  const width = Math.max(...left.map(lineWidth)) + 3;
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
    ...padded(left[index] ?? [], width),
    ...(right[index] ?? []),
  ]);
}
