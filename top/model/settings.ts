import { type Appearance, THEME_NAMES } from './appearance.js';
import { openColumns } from './column-chooser.js';
import type { Step } from './control-flow.js';
import { faster, slower, withInterval } from './interval.js';
import type { Model } from './model.js';
import type { Overlay } from './overlay.js';
import { choiceAfter, closed, isClosing } from './overlay-keys.js';
import { SCREENS } from './screens.js';
import { SORT_KEYS } from './sort-keys.js';
import { settled, withTable } from './table-state.js';

/** A setting as the dialog lists it and as the file has it. */
export interface SettingRow {
  /** In the file. */
  readonly name: string;
  readonly label: string;
  /** As in the file. */
  readonly value: (model: Model) => string;
  /** The value after this one (1) or before it (-1). */
  readonly turned: (model: Model, step: 1 | -1) => Step;
}

/** The entry of a list that stands so many places further on, round and round. */
function beside<T>(list: readonly T[], entry: T, step: number): T {
  const index = list.indexOf(entry);
  return list[(index + step + list.length) % list.length] ?? entry;
}

/** The model with another appearance, which the terminal is told at once. */
export function withAppearance(model: Model, change: Partial<Appearance>): Step {
  const { theme, ascii, mouse } = { ...model, ...change };
  return [
    { ...model, theme, ascii, mouse },
    [{ type: 'appearance', appearance: { theme, ascii, mouse } }],
  ];
}

function withAscii(model: Model): Step {
  if (!model.ascii || model.unicode) return withAppearance(model, { ascii: !model.ascii });
  const text = 'this terminal, or its locale, has no UTF-8: only ASCII is sure to be seen';
  return [{ ...model, hint: { text, at: model.now } }, []];
}

/** Every setting, in the order of the dialog and the file. */
export const SETTINGS: readonly SettingRow[] = [
  {
    ...{ name: 'interval', label: 'seconds between two readings' },
    value: ({ intervalMs }) => String(intervalMs / 1000),
    turned: (model, step) =>
      withInterval(model, step > 0 ? slower(model.intervalMs) : faster(model.intervalMs)),
  },
  {
    ...{ name: 'theme', label: 'colours' },
    value: ({ theme }) => theme,
    turned: (model, step) =>
      withAppearance(model, { theme: beside(THEME_NAMES, model.theme, step) }),
  },
  {
    ...{ name: 'ascii', label: 'ASCII characters only' },
    value: ({ ascii }) => String(ascii),
    turned: withAscii,
  },
  {
    ...{ name: 'mouse', label: 'clicks and the wheel' },
    value: ({ mouse }) => String(mouse),
    turned: (model) => withAppearance(model, { mouse: !model.mouse }),
  },
  {
    ...{ name: 'columns', label: 'columns of the table' },
    value: ({ table }) => table.columns?.join(',') ?? 'all',
    turned: (model) => [openColumns(model), []],
  },
  {
    ...{ name: 'sort', label: 'order of the table' },
    value({ table: { sort } }) {
      const usual = SORT_KEYS.find(({ id }) => id === sort.by)?.descending ?? false;
      return sort.descending === usual ? sort.by : `-${sort.by}`;
    },
    turned(model, step) {
      const key = SORT_KEYS.find(({ id }) => id === model.table.sort.by);
      const next = key === undefined ? undefined : beside(SORT_KEYS, key, step);
      if (next === undefined) return [model, []];
      const sort = { by: next.id, descending: next.descending };
      return [settled(withTable(model, { sort })), []];
    },
  },
  {
    ...{ name: 'view', label: 'view at the start' },
    value: ({ startView }) => startView,
    turned(model, step) {
      const views = SCREENS.map(({ screen }) => screen);
      return [{ ...model, startView: beside(views, model.startView, step) }, []];
    },
  },
];

/** The settings as a file: the names of the options where they differ are the dialog's. */
export function settingsText(model: Model): string {
  const lines = SETTINGS.map(({ name, label, value }) => `# ${label}\n${name}: ${value(model)}\n`);
  return `# tsuwsgitop, written by s in its settings (F2)\n${lines.join('')}`;
}

/** Opens the settings. */
export function openSettings(model: Model): Model {
  return { ...model, overlay: { kind: 'settings', choice: 0 } };
}

/** A key in the settings: what changes does so at once, and is written on `s` only. */
export function inSettings(
  model: Model,
  overlay: Extract<Overlay, { kind: 'settings' }>,
  key: string,
): Step {
  if (isClosing(key) || key === 'f2') return [closed(model), []];
  const choice = choiceAfter(key, overlay.choice, SETTINGS.length);
  if (choice !== null) return [{ ...model, overlay: { ...overlay, choice } }, []];
  if (key === 's') return [model, [{ type: 'save', text: settingsText(model) }]];
  const step = STEPS.get(key);
  const row = SETTINGS[overlay.choice];
  if (step === undefined || row === undefined) return [model, []];
  return row.turned({ ...model, hint: null }, step);
}

/** The keys that change a setting, and to which side. */
const STEPS: ReadonlyMap<string, 1 | -1> = new Map([
  ['left', -1],
  ['right', 1],
  ['enter', 1],
  ['space', 1],
]);
