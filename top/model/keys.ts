import { assertNever } from '../../shared/result.js';
import {
  askKill,
  askReload,
  askReloadWorker,
  confirmed,
  openReloads,
  openSignals,
  reloadRefusal,
  type Step,
} from './control-flow.js';
import { closedDetail, openDetail } from './detail-state.js';
import type { Action } from './binding.js';
import { askCanary, begun, inCanary } from './canary.js';
import { inColumns, openColumns } from './column-chooser.js';
import { shifted } from './column-window.js';
import { faster, slower, toggleFast, withInterval } from './interval.js';
import { openEvent } from './event-list.js';
import { recordLines } from './event-record.js';
import { bindingOf, KEYMAP } from './keymap.js';
import { arranged, filterOf, LISTS } from './lists.js';
import type { Model } from './model.js';
import type { Overlay } from './overlay.js';
import { inAllocators, inMemory, openMemory } from './memory-actions.js';
import { needsWord, typedAfter } from './last-worker.js';
import { choiceAfter, closed, isClosing } from './overlay-keys.js';
import { inDifference, mark } from './marks.js';
import { recordRoom } from './record-room.js';
import { inSettings, openSettings } from './settings.js';
import { paused, returned, scrubbed, type TimeMove } from './past.js';
import { openPrompt, promptKey } from './prompt.js';
import { askQueuePause, askTask } from './queue-orders.js';
import { besideQueue, closedQueue, openQueue } from './queue-state.js';
import { minuteOn } from './replay-jump.js';
import { atSpeed, withHold } from './replay-speed.js';
import { jumped } from './request-list.js';
import { screenBeside, SCREENS, type View } from './screens.js';
import { askScale } from './scale.js';
import { waysOf } from './server-ways.js';
import { tagged, untagged } from './tags.js';
import { nextSort } from './sort-choice.js';
import { SORT_KEYS } from './sort-keys.js';
import { askStack } from './stack.js';
import { type Move, settled, sortOf, withSort, withTable } from './table-state.js';
import { editKey, withFilter } from './text-field.js';

/** One key, wherever it lands: an open text field, what lies over the table, or the table. */
export function pressed(model: Model, key: string): Step {
  const everywhere = anywhere(model, key);
  if (everywhere !== null) return everywhere;
  if (model.prompt !== null) return withHold(promptKey(model, key), model);
  if (filterOf(model).editing) return [editKey(model, key), []];
  const { overlay } = model;
  return overlay.kind === 'none' ? onScreen(model, key) : inOverlay(model, overlay, key);
}

function inOverlay(model: Model, overlay: Exclude<Overlay, Of<'none'>>, key: string): Step {
  if (overlay.kind === 'memory') return inMemory(model, overlay, key);
  if (overlay.kind === 'allocators') return [inAllocators(model, overlay, key), []];
  return inOther(model, overlay, key);
}

function inOther(
  model: Model,
  overlay: Exclude<Overlay, Of<'none' | 'memory' | 'allocators'>>,
  key: string,
): Step {
  switch (overlay.kind) {
    case 'help':
      return [inHelp(model, overlay, key), []];
    case 'event':
      return [inEvent(model, overlay, key), []];
    case 'sort':
      return [inSort(model, overlay, key), []];
    case 'columns':
      return [inChooser(model, overlay, key), []];
    case 'settings':
      return inSettings(model, overlay, key);
    case 'difference':
      return [inDifference(model, overlay, key), []];
    case 'outcomes':
      return [inOutcomes(model, key), []];
    case 'reloads':
      return inReloads(model, overlay, key);
    case 'signals':
      return inSignals(model, overlay, key);
    case 'confirm':
      return inConfirm(model, overlay, key);
    case 'canary':
      return inCanary(model, overlay, key);
    default:
      return assertNever(overlay);
  }
}

function anywhere(model: Model, key: string): Step | null {
  switch (key) {
    case 'ctrl-c':
    case 'f10':
      return [model, [{ type: 'quit' }]];
    case 'ctrl-l':
      return [model, [{ type: 'redraw' }]];
    case 'ctrl-z':
      return [model, [{ type: 'suspend' }]];
    default:
      return null;
  }
}

function onScreen(model: Model, key: string): Step {
  const binding = bindingOf(key, model.screen);
  if (binding === undefined) return [model, []];
  const refusal = binding.disabledReason?.(model) ?? null;
  if (refusal !== null) return [hinted(model, refusal), []];
  return withHold(ACTIONS[binding.action]({ ...model, hint: null }), model);
}

function hinted(model: Model, text: string): Model {
  return { ...model, hint: { text, at: model.now } };
}

const only = (change: (model: Model) => Model): ((model: Model) => Step) => {
  return (model) => [change(model), []];
};

const asks = (effect: 'redraw' | 'suspend' | 'quit'): ((model: Model) => Step) => {
  return (model) => [model, [{ type: effect }]];
};

const moves = (move: Move): ((model: Model) => Step) =>
  only((model) => LISTS[model.screen].moved(model, move));

const travels = (move: TimeMove): ((model: Model) => Step) =>
  only((model) => scrubbed(model, move));

const shows = (screen: View): ((model: Model) => Step) =>
  only((model) => arranged({ ...model, screen }));

const turns = (step: 1 | -1): ((model: Model) => Step) =>
  only((model) => {
    return arranged({ ...model, screen: screenBeside(viewOf(model), step) });
  });

/** The view of which the screen shows a part. */
function viewOf({ screen, detail }: Model): View {
  if (screen === 'queue') return 'others';
  return screen === 'detail' ? (detail?.from ?? 'overview') : screen;
}

const views = Object.fromEntries(SCREENS.map(({ screen }) => [screen, shows(screen)])) as Readonly<
  Record<View, (model: Model) => Step>
>;

/** What each action of the keymap does on its screen. */
const ACTIONS: Readonly<Record<Action, (model: Model) => Step>> = {
  up: moves('up'),
  down: moves('down'),
  'page-up': moves('page-up'),
  'page-down': moves('page-down'),
  first: moves('first'),
  last: moves('last'),
  ...views,
  'next-screen': turns(1),
  'previous-screen': turns(-1),
  open: only(openEvent),
  detail: only(openDetail),
  stack: askStack,
  tasks: only((model) => arranged(openQueue(model))),
  'queue-before': only((model) => arranged(besideQueue(model, -1))),
  'queue-after': only((model) => arranged(besideQueue(model, 1))),
  'retry-task': (model) => askTask(model, 'spooler-retry'),
  'drop-task': (model) => askTask(model, 'spooler-drop'),
  'pause-queue': askQueuePause,
  leave: only((model) => (model.screen === 'queue' ? closedQueue : closedDetail)(model)),
  jump: only(jumped),
  columns: only(openColumns),
  'columns-left': only((model) => shifted(model, -1)),
  'columns-right': only((model) => shifted(model, 1)),
  tag: only(tagged),
  untag: only(untagged),
  filter: only((model) => withFilter(model, { ...filterOf(model), editing: true })),
  sort: only((model) => {
    const choice = SORT_KEYS.findIndex(({ id }) => id === sortOf(model).by);
    return { ...model, overlay: { kind: 'sort', choice: Math.max(0, choice) } };
  }),
  reverse: only((model) => {
    const sort = sortOf(model);
    return withSort(model, { ...sort, descending: !sort.descending });
  }),
  cores: only((model) => settled(withTable(model, { cores: !model.table.cores }))),
  prompt: only(openPrompt),
  settings: only(openSettings),
  mark: only(mark),
  copy: (model) => [model, [{ type: 'copy' }]],
  help: only((model) => ({ ...model, overlay: { kind: 'help', scroll: 0 } })),
  close: only(close),
  slower: (model) => withInterval(model, slower(model.intervalMs)),
  faster: (model) => withInterval(model, faster(model.intervalMs)),
  fast: toggleFast,
  'reload-worker': askReloadWorker,
  reload: openReloads,
  kill: openSignals,
  'worker-memory': openMemory,
  'add-worker': (model) => askScale(model, 1),
  'drop-worker': (model) => askScale(model, -1),
  pause: only(paused),
  back: travels('back'),
  forward: travels('forward'),
  'minute-back': travels('minute-back'),
  'minute-forward': minuteOn,
  now: only(returned),
  'half-speed': (model) => atSpeed(model, 1 / 2),
  'double-speed': (model) => atSpeed(model, 2),
  redraw: asks('redraw'),
  suspend: asks('suspend'),
  quit: asks('quit'),
};

/** Esc on a screen: first out of the past, then the last command's line, then the filter. */
function close(model: Model): Model {
  if (model.past !== null) return returned(model);
  const open = model.commands.filter(({ state }) => state === 'sent' || state === 'accepted');
  if (open.length < model.commands.length) return { ...model, commands: open };
  return withFilter(model, { text: '', editing: false });
}

function inOutcomes(model: Model, key: string): Model {
  return isClosing(key) || key === 'enter' ? closed(model) : model;
}

type Of<K extends Overlay['kind']> = Extract<Overlay, { kind: K }>;

function inHelp(model: Model, overlay: Of<'help'>, key: string): Model {
  const again = bindingOf(key, model.screen)?.action === 'help';
  if (isClosing(key) || again || key === 'enter') return closed(model);
  const scroll = choiceAfter(key, overlay.scroll, KEYMAP.length);
  return scroll === null ? model : { ...model, overlay: { kind: 'help', scroll } };
}

function inEvent(model: Model, overlay: Of<'event'>, key: string): Model {
  if (isClosing(key) || key === 'enter') return closed(model);
  const room = recordRoom(model);
  const hidden = Math.max(0, recordLines(overlay.event, room.columns).length - room.lines);
  const scroll = choiceAfter(key, overlay.scroll, hidden + 1);
  return scroll === null ? model : { ...model, overlay: { ...overlay, scroll } };
}

function inSort(model: Model, overlay: Of<'sort'>, key: string): Model {
  if (isClosing(key)) return closed(model);
  const choice = choiceAfter(key, overlay.choice, SORT_KEYS.length);
  if (choice !== null) return { ...model, overlay: { kind: 'sort', choice } };
  const chosen = SORT_KEYS[overlay.choice];
  if (key !== 'enter' || chosen === undefined) return model;
  return withSort(closed(model), nextSort(sortOf(model), chosen.id));
}

function inChooser(model: Model, overlay: Of<'columns'>, key: string): Model {
  if (isClosing(key) || bindingOf(key, model.screen)?.action === 'columns') return closed(model);
  const choice = choiceAfter(key, overlay.choice, overlay.order.length);
  if (choice !== null) return { ...model, overlay: { ...overlay, choice } };
  return inColumns({ ...model, hint: null }, overlay, key);
}

function inReloads(model: Model, overlay: Of<'reloads'>, key: string): Step {
  if (isClosing(key)) return [closed(model), []];
  const choice = choiceAfter(key, overlay.choice, waysOf(model).reloads.length);
  if (choice !== null) return [{ ...model, overlay: { ...overlay, choice } }, []];
  if (key !== 'enter') return [model, []];
  const isCanary = waysOf(model).reloads[overlay.choice]?.mode === 'canary';
  const refusal = isCanary ? reloadRefusal(model, 'canary') : null;
  if (refusal !== null) return [hinted(closed(model), refusal), []];
  return isCanary ? askCanary(model) : askReload(model, overlay.choice);
}

function inSignals(model: Model, overlay: Of<'signals'>, key: string): Step {
  if (isClosing(key)) return [closed(model), []];
  const choice = choiceAfter(key, overlay.choice, waysOf(model).signals.length);
  if (choice !== null) return [{ ...model, overlay: { ...overlay, choice } }, []];
  return key === 'enter' ? askKill(model, overlay.targets, overlay.choice) : [model, []];
}

const OTHER_BUTTON = new Set(['left', 'right', 'up', 'down', 'tab', 'backtab', 'h', 'l']);

function inConfirm(model: Model, overlay: Of<'confirm'>, key: string): Step {
  if (key === 'escape') return [closed(model), []];
  if (key === 'enter') return begun(confirmed(model), overlay);
  const typed = needsWord(model, overlay.commands) ? typedAfter(key, overlay.typed) : null;
  if (typed !== null) return [{ ...model, overlay: { ...overlay, typed } }, []];
  if (isClosing(key)) return [closed(model), []];
  if (!OTHER_BUTTON.has(key)) return [model, []];
  const focus = overlay.focus === 'cancel' ? 'act' : 'cancel';
  return [{ ...model, overlay: { ...overlay, focus } }, []];
}
