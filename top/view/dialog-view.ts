import { type Command, KILL_SIGNALS } from '../../shared/commands.js';
import { duration } from '../../shared/units.js';
import { targetAlive } from '../model/control-flow.js';
import { GROUPS, KEYMAP } from '../model/keymap.js';
import type { Model, Overlay } from '../model/model.js';
import type { WorkerRow } from '../model/rows.js';
import { SORT_KEYS } from '../model/sort-keys.js';
import { allRows, rowOf } from '../model/table-state.js';
import { isServing, STUCK_MS, type WorkerKind } from '../model/worker-state.js';
import type { Line, Panel, Span, StyleName } from './frame.js';
import { type Glyphs, glyphsFor, STATE_STYLES } from './glyphs.js';
import { keyName } from './key-names.js';
import { clip, fit, lineWidth, padded, restyled, span } from './text.js';

interface Dialog {
  readonly title: string;
  readonly style: StyleName;
  /** Gives way when the terminal is low. */
  readonly body: readonly Line[];
  /** Which body line must be in sight. */
  readonly focus: number;
  /** Always in sight. */
  readonly foot: readonly Line[];
  readonly footCentred?: true;
}

/** The panel that lies over everything else; null when nothing is open. */
export function dialogPanel(model: Model): Panel | null {
  const dialog = dialogOf(model, model.overlay);
  if (dialog === null) return null;
  const { ellipsis } = glyphsFor(model.ascii);
  const { body, foot, title } = dialog;
  const widest = Math.max(
    title.length + 4,
    ...[...body, ...foot].map((line) => lineWidth(line) + 2),
  );
  const width = Math.max(1, Math.min(model.width, widest + 2));
  const height = Math.max(1, Math.min(model.height, body.length + foot.length + 2));
  const inner = Math.max(0, width - 2);
  const room = Math.max(0, height - 2 - foot.length);
  const from = Math.max(0, Math.min(dialog.focus - room + 1, body.length - room));
  const placed = foot.map((line) => {
    const before = Math.floor((inner - 1 - lineWidth(line)) / 2);
    return dialog.footCentred === true && before > 0 ? [span(' '.repeat(before)), ...line] : line;
  });
  const lines = [...body.slice(from, from + room), ...placed].map((line) =>
    padded(clip([span(' '), ...line], inner, ellipsis), inner),
  );
  return {
    kind: 'text',
    id: 'dialog',
    x: Math.floor((model.width - width) / 2),
    y: Math.floor((model.height - height) / 2),
    width,
    height,
    lines,
    border: { title, style: dialog.style },
  };
}

function dialogOf(model: Model, overlay: Overlay): Dialog | null {
  const glyphs = glyphsFor(model.ascii);
  switch (overlay.kind) {
    case 'none':
      return null;
    case 'help':
      return helpDialog(model, overlay.scroll, glyphs);
    case 'sort':
      return sortDialog(model, overlay.choice, glyphs);
    case 'signals':
      return signalsDialog(overlay.target.worker, overlay.choice, glyphs);
    case 'confirm':
      return confirmDialog(model, overlay.command, overlay.focus, glyphs);
  }
}

function groupLines(model: Model, groups: readonly string[]): Line[] {
  return groups.flatMap((group, index): Line[] => [
    ...(index === 0 ? [] : [[]]),
    [span(group, 'title')],
    ...KEYMAP.filter((binding) => binding.group === group).map((binding): Line => {
      const keys = binding.keys.map((key) => keyName(key, model.ascii)).join(' ');
      const off = (binding.disabledReason?.(model) ?? null) !== null;
      return [
        span(fit(keys, 9, 'left', '~'), off ? 'dim' : 'key'),
        span(` ${binding.help}`, off ? 'dim' : 'normal'),
      ];
    }),
  ]);
}

function helpDialog(model: Model, scroll: number, glyphs: Glyphs): Dialog {
  const [move, look, ...rest] = GROUPS;
  const left = groupLines(model, [move ?? '', look ?? '']);
  const right = [...groupLines(model, rest), [], ...legend(glyphs)];
  const columns = model.width >= 80;
  const body = columns ? sideBySide(left, right) : [...left, [], ...right];
  const room = Math.max(1, model.height - 4);
  return {
    title: 'tsuwsgitop keys',
    style: 'title',
    body,
    // Scrolling moves the last visible line down.
    focus: Math.min(body.length - 1, room - 1 + scroll),
    foot: [[span('Esc', 'key'), span(' closes', 'dim')]],
  };
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

function sortDialog(model: Model, choice: number, glyphs: Glyphs): Dialog {
  const { sort } = model.table;
  const body = SORT_KEYS.map(({ id, title }, index): Line => {
    const sign = sort.descending ? glyphs.descending : glyphs.ascending;
    return entry(index === choice, [
      span(fit(title, 22, 'left', glyphs.ellipsis)),
      span(id === sort.by ? sign : ' ', 'bright'),
    ]);
  });
  return {
    title: 'Sort by',
    style: 'title',
    body,
    focus: choice,
    foot: [[span('Enter', 'key'), span(' again reverses', 'dim')]],
  };
}

/** A line of a menu: brackets mark the chosen one also where there is no colour. */
function entry(chosen: boolean, line: Line): Line {
  const framed = [span(chosen ? '[ ' : '  '), ...line, span(chosen ? ' ]' : '  ')];
  return chosen ? restyled(framed, 'selected') : framed;
}

function signalsDialog(worker: number, choice: number, glyphs: Glyphs): Dialog {
  const body = KILL_SIGNALS.map(({ signal, title, help }, index) =>
    entry(index === choice, [
      span(fit(signal, 5, 'left', glyphs.ellipsis), 'bright'),
      span(fit(title, 8, 'left', glyphs.ellipsis)),
      span(fit(help, 54, 'left', glyphs.ellipsis), 'dim'),
    ]),
  );
  return {
    title: `Kill worker ${worker}: how?`,
    style: 'attention',
    body,
    focus: choice,
    foot: [
      [],
      [
        span('Enter', 'key'),
        span(' asks once more  ', 'dim'),
        span('Esc', 'key'),
        span(' closes', 'dim'),
      ],
    ],
  };
}

function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** What a command would do now, from the newest document. */
function preview(model: Model, command: Command, glyphs: Glyphs): Line[] {
  const rows = allRows(model);
  const serving = rows.filter(({ worker }) => isServing(worker)).length;
  if (command.name === 'reload') {
    const flying = rows.reduce((sum, row) => sum + (row.inFlight ?? 0), 0);
    return [
      [span(`${plural(rows.length, 'worker')}, a few at a time: new process first`)],
      [span(`${plural(flying, 'request')} in flight finish in the old processes`)],
      [span(`all ${serving} that serve now remain`)],
    ];
  }
  const { worker, pid, spawned } = command;
  const row = rowOf(model, { worker, pid, spawned, nth: 0 });
  if (row === null) {
    return [[span(`pid ${pid} is gone: there is nothing to do`, 'alarm')]];
  }
  return workerPreview(row, command, { serving, all: rows.length }, glyphs);
}

function workerPreview(
  row: WorkerRow,
  command: Exclude<Command, { name: 'reload' }>,
  pool: { readonly serving: number; readonly all: number },
  glyphs: Glyphs,
): Line[] {
  const first: string[] = [`pid ${command.pid}`];
  if (row.age !== null) first.push(`spawned ${duration(row.age)} ago`);
  const stalled = row.worker.stalled_ms ?? 0;
  if (stalled >= STUCK_MS) first.push(`blocked for ${(stalled / 1000).toFixed(1)} s`);
  const signal = command.name === 'kill-worker' ? command.signal : 'HUP';
  const rest = isServing(row.worker) ? pool.serving - 1 : pool.serving;
  return [
    [span(first.join(` ${glyphs.separator} `))],
    [flightSpan(row, signal)],
    signal === 'HUP'
      ? [span(`${pool.serving} of ${pool.all} workers remain: new one first`)]
      : [span(`${rest} of ${pool.all} workers remain`, rest === 0 ? 'alarm' : 'normal')],
  ];
}

function flightSpan(row: WorkerRow, signal: string): Span {
  const { inFlight } = row;
  const kills = signal === 'INT' || signal === 'KILL';
  if (inFlight === null) {
    return span(`requests in flight are not known${kills ? ' and will fail' : ''}`);
  }
  if (inFlight === 0) return span('nothing is in flight');
  return kills
    ? span(`${plural(inFlight, 'request')} in flight will fail`, 'alarm')
    : span(`${plural(inFlight, 'request')} in flight finish first, 60 s at most`);
}

function questionOf(command: Command): { title: string; act: string; short: string } {
  if (command.name === 'reload')
    return { title: 'Reload all workers', act: 'Reload all', short: 'Reload' };
  if (command.name === 'reload-worker') {
    return {
      title: `Reload worker ${command.worker}`,
      act: `Reload ${command.worker}`,
      short: 'Reload',
    };
  }
  const { worker, signal } = command;
  return {
    title: `Kill worker ${worker} with SIG${signal}`,
    act: `Send SIG${signal}`,
    short: signal,
  };
}

function confirmDialog(
  model: Model,
  command: Command,
  focus: 'cancel' | 'act',
  glyphs: Glyphs,
): Dialog {
  const { title, act, short } = questionOf(command);
  const narrow = model.width < 34;
  const [open, close] = narrow ? ['[', ']'] : ['[ ', ' ]'];
  const button = (label: string, chosen: boolean): Span => {
    const blank = ' '.repeat(open.length);
    return chosen
      ? span(`${open}${label}${close}`, 'selected')
      : span(`${blank}${label}${blank}`, 'normal');
  };
  const text = preview(model, command, glyphs);
  const alive = targetAlive(model, command);
  const action = button(narrow ? short : act, alive && focus === 'act');
  return {
    title,
    style: 'attention',
    body: model.height >= 8 ? [...text, []] : text,
    focus: 0,
    foot: [
      [button('Cancel', focus === 'cancel'), span(' '), alive ? action : span(action.text, 'dim')],
    ],
    footCentred: true,
  };
}
