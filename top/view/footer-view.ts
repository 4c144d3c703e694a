import { controlRefusal } from '../model/control-flow.js';
import { diagnose } from '../model/diagnosis.js';
import { type Edited, partsOf } from '../model/edited-text.js';
import { geometry } from '../model/geometry.js';
import { keymapOf } from '../model/keymap.js';
import { filterOf, LISTS } from '../model/lists.js';
import { modelFreshness } from '../model/currency.js';
import { type Model, type Prompt } from '../model/model.js';
import { candidates } from '../model/prompt-completion.js';
import { SCREENS, WORKER_VIEWS } from '../model/screens.js';
import { instanceOf, selectionState } from '../model/table-state.js';
import type { Line, StyleName } from './frame.js';
import { glyphsFor } from './glyphs.js';
import { keyName } from './key-names.js';
import { sentLine } from './sent-line.js';
import { chosen, clip, cut, linked, type Piece, plural, span, spread } from './text.js';

/** How long a hint and the line of a finished command stay, in milliseconds. */
const HINT_MS = 6000;
const DONE_MS = 30_000;

/** What is wrong, or why the data are not fresh; empty when all is well. */
function troubleLine(model: Model): Line {
  const { state } = glyphsFor(model.ascii);
  const fresh = modelFreshness(model);
  if (fresh.kind === 'disconnected' || fresh.kind === 'problem') {
    const style: StyleName = fresh.kind === 'disconnected' ? 'alarm' : 'attention';
    const old =
      fresh.age === null ? '' : ` · these numbers are ${Math.round(fresh.age / 1000)} s old`;
    return [span(`${state.stuck} ${fresh.message}${old}`, style)];
  }
  const found = diagnose(model);
  if (found === null) return [];
  const sign = found.severity === 'notice' ? state.start : state.stuck;
  const text = geometry(model.width, model.height).tier === 'tiny' ? found.short : found.text;
  return [span(`${sign} ${text}`, found.severity)];
}

function filterLine(model: Model): Line {
  const filter = filterOf(model);
  const { cursor, separator } = glyphsFor(model.ascii);
  const { found, total } = LISTS[model.screen].count(model);
  const problem = LISTS[model.screen].problem?.(model) ?? null;
  const many = `${found} ${found === 1 ? 'matches' : 'match'}`;
  if (filter.editing) {
    const help = `  ${many} ${separator} Enter keeps ${separator} Esc clears`;
    const aside = problem === null ? span(help, 'dim') : span(`  ${problem}`, 'attention');
    return [span('/', 'key'), ...fieldView(filter, cursor), aside];
  }
  return [
    span('filter ', 'dim'),
    span(filter.text, 'bright'),
    span(problem === null ? '' : `  ${problem}`, 'attention'),
    span(`  ${many} of ${total} ${separator} / changes ${separator} Esc clears`, 'dim'),
  ];
}

/** The command that is typed, and after it what is wrong, or what may stand there. */
function promptLine(model: Model, prompt: Prompt): Line {
  const { problem } = prompt;
  const { cursor } = glyphsFor(model.ascii);
  const words = candidates(model, partsOf(prompt)[0]);
  const possible = words.length === 0 ? '' : `  Tab: ${words.join(' ')}`;
  const aside = problem === null ? span(possible, 'dim') : span(`  ${problem}`, 'attention');
  return [span(':', 'key'), ...fieldView(prompt, cursor), aside];
}

/** A text that is typed: the cursor behind it, or on the character that it stands before. */
export function fieldView(edited: Edited, cursor: string): Line {
  const [before, behind] = partsOf(edited);
  if (behind === '') return [span(before, 'bright'), span(cursor)];
  const on = behind.slice(0, 1);
  return [span(before, 'bright'), span(on, 'selected'), span(behind.slice(1), 'bright')];
}

/** What the person is told about their own doing; `urgent` when it must not wait for a free line. */
function wordLine(model: Model): { readonly line: Line; readonly urgent: boolean } {
  const { prompt } = model;
  if (prompt !== null) return { line: promptLine(model, prompt), urgent: true };
  if (filterOf(model).editing) return { line: filterLine(model), urgent: true };
  const { hint } = model;
  if (hint !== null && model.now - hint.at < HINT_MS) {
    return { line: [span(hint.text, 'notice')], urgent: true };
  }
  const last = model.commands.at(-1);
  if (last !== undefined && (last.state !== 'done' || model.now - last.at < DONE_MS)) {
    return { line: sentLine(model, last), urgent: true };
  }
  return { line: quietLine(model), urgent: false };
}

/** How many workers are tagged, where that says what a key will do. */
function taggedHere({ screen, table }: Model): number {
  return WORKER_VIEWS.includes(screen) ? table.tags.length : 0;
}

function tagsLine(tags: number): Line {
  return [
    ...[span('R', 'key'), span(' reloads and '), span('F9', 'key')],
    span(` kills the ${plural(tags, 'tagged worker')}, `),
    ...[span('U', 'key'), span(' untags all')],
  ];
}

/** That the marked process is gone, where its mark would be seen; empty while it is there. */
function goneLine(model: Model): Line {
  const { selection } = model.table;
  const table = WORKER_VIEWS.includes(model.screen) && instanceOf(model) !== null;
  if (selection === null || !table || selectionState(model) !== 'gone') return [];
  const { worker, pid } = selection.identity;
  const text = `the marked process, worker ${worker} (pid ${pid}), is gone`;
  return [span(text, 'notice'), span(': mark another', 'dim')];
}

function quietLine(model: Model): Line {
  const gone = goneLine(model);
  if (gone.length > 0) return gone;
  const filter = filterOf(model);
  if (filter.text !== '') return filterLine(model);
  if (taggedHere(model) > 0) return tagsLine(taggedHere(model));
  const quiet =
    model.connection.state !== 'open' || geometry(model.width, model.height).tier === 'tiny';
  const refusal = quiet ? null : controlRefusal(model);
  return refusal === null ? [] : [span(`read only: ${refusal}`, 'dim')];
}

/** The lines above the key bar: what is wrong, and what was just done. */
export function noticesView(model: Model, height: number): readonly Line[] {
  if (height <= 0) return [];
  const { ellipsis } = glyphsFor(model.ascii);
  const trouble = troubleLine(model);
  const word = wordLine(model);
  const indent = geometry(model.width, model.height).tier === 'tiny' ? '' : ' ';
  const lines =
    height >= 2
      ? [trouble, word.line]
      : [word.urgent || trouble.length === 0 ? word.line : trouble];
  return lines.map((line) => clip([span(indent), ...line], model.width, ellipsis));
}

/** How many workers are tagged: it stays as long as any key but `q`. */
function tagCount(model: Model): Piece {
  const tags = taggedHere(model);
  return { line: tags > 0 ? [span(`${tags} tagged`, 'attention')] : [], rank: 1 };
}

/** A key of the bar; `view` when it leads to a view, by its digit or Tab. */
interface BarKey extends Piece {
  readonly view: boolean;
}

function barKeys(model: Model): BarKey[] {
  return keymapOf(model.screen).flatMap((binding): BarKey[] => {
    const { action, bar, keys: names } = binding;
    if (bar === undefined) return [];
    const off = (binding.disabledReason?.(model) ?? null) !== null;
    const name = keyName(names[0] ?? '', model.ascii);
    const label = span(` ${bar.label}`, action === model.screen ? 'bright' : 'dim');
    const line = linked([span(name, off ? 'dim' : 'key'), label], {
      ...{ kind: 'key', key: names[0] ?? '' },
    });
    const view = action === 'next-screen' || SCREENS.some(({ screen }) => screen === action);
    return [{ line, rank: bar.rank, view }];
  });
}

/** The digits of all views in one piece, for a bar that has no room for their names. */
function viewDigits(): Piece {
  const digits = SCREENS.flatMap(({ keys }) => keys.slice(0, 1));
  const range = `${digits[0] ?? ''}-${digits.at(-1) ?? ''}`;
  return {
    line: linked([span(range, 'key'), span(' views', 'dim')], { kind: 'key', key: 'tab' }),
    rank: 3,
  };
}

/** The keys, those of the views by name only where all of them have room. */
function foldedKeys(keys: readonly BarKey[], aside: readonly Piece[], width: number): Piece[] {
  const kept = new Set<Piece>(chosen([...keys, ...aside], width, 2));
  const views = keys.filter(({ view }) => view);
  if (views.length === 0 || views.every((key) => kept.has(key))) return [...keys];
  return [viewDigits(), ...keys.filter(({ view }) => !view)];
}

/** The keys that matter, those without effect dim. */
export function barView(model: Model): Line {
  const { ascii, width } = model;
  const { ellipsis, up, down } = glyphsFor(ascii);
  const move: Piece = { line: [span(`${up}${down}`, 'key'), span(' mark', 'dim')], rank: 8 };
  const where: Piece = {
    line: [span(cut(LISTS[model.screen].position(model), width, ellipsis), 'dim')],
    rank: 6,
  };
  const inner = Math.max(0, width - 2);
  const aside = [tagCount(model), where];
  return clip(
    [span(' '), ...spread([move, ...foldedKeys(barKeys(model), aside, inner)], aside, inner, 2)],
    width,
    ellipsis,
  );
}
