import { KILL_SIGNALS, type MemoryCommand, RELOAD_WAYS } from '../../shared/commands.js';
import { didYouMean } from '../../shared/likely.js';
import { err, ok, type Result } from '../../shared/result.js';
import { THEME_NAMES } from './appearance.js';
import { COLUMN_NAMES, readColumns } from './column-choice.js';
import { withColumns } from './column-chooser.js';
import {
  askKill,
  askReload,
  askReloadOf,
  askReloadWorker,
  controlRefusal,
  openSignalsOf,
  type Step,
  workerRefusal,
} from './control-flow.js';
import { memoryByName } from './memory-actions.js';
import { MAX_INTERVAL_S, MIN_INTERVAL_S, withInterval } from './interval.js';
import { arranged, LISTS } from './lists.js';
import type { Model } from './model.js';
import { paused } from './past.js';
import type { PromptCommand } from './prompt-command.js';
import { QUEUE_COMMANDS } from './queue-commands.js';
import type { RowIdentity } from './rows.js';
import { withAppearance } from './settings.js';
import { SCREENS, TABLE_VIEWS, WORKER_VIEWS } from './screens.js';
import { readSort, SORT_NAMES } from './sort-choice.js';
import { allRows, withSort } from './table-state.js';
import { TIME_COMMANDS } from './time-commands.js';
import { withFilter } from './text-field.js';

const none = (): readonly string[] => [];
const done = (model: Model): Result<Step, string> => ok([model, []]);
const quoted = (word: string): string => JSON.stringify(word.slice(0, 40));
const signals: readonly string[] = KILL_SIGNALS.map(({ signal }) => signal);
const ways: readonly string[] = RELOAD_WAYS.map(({ mode }) => mode);
const viewNames: readonly string[] = SCREENS.map(({ screen }) => screen);

/** The first word after the command, from a list that does not depend on the model. */
const first = (list: readonly string[]): PromptCommand['words'] => {
  return (_, given) => (given.length === 0 ? list : []);
};

function workerIds(model: Model): readonly string[] {
  return allRows(model)
    .filter(({ identity }) => identity.pid !== 0)
    .map(({ identity }) => String(identity.worker));
}

/** The running process that a word names. */
function workerOf(model: Model, word: string): Result<RowIdentity, string> {
  const found = allRows(model).filter(({ identity }) => String(identity.worker) === word);
  const [row] = found.filter(({ identity }) => identity.pid !== 0);
  if (row !== undefined) return ok(row.identity);
  if (found.length > 0) return err(`no process runs as worker ${word}`);
  const known = workerIds(model).join(' ');
  return err(`${quoted(word)} is no worker${known === '' ? '' : `, there are ${known}`}`);
}

/** Why a command has words too many; null when it has not. */
function tooMany({ name, usage }: PromptCommand, words: readonly string[]): string | null {
  const most = usage === '' ? 0 : usage.split(' ').length;
  const extra = words.slice(most).join(' ');
  return extra === '' || name === 'filter'
    ? null
    : `${quoted(extra)} is too much: ${`${name} ${usage}`.trim()}`;
}

const RELOAD: PromptCommand = {
  name: 'reload',
  usage: '[WID|all|chain|brutal]',
  help: 'reload that worker or all, without a word the marked or tagged',
  words: (model, given) =>
    given.length === 0
      ? ['all', ...ways.filter((way) => way !== 'rolling'), ...workerIds(model)]
      : [],
  run(model, [word]) {
    const refusal = word === undefined ? workerRefusal(model) : controlRefusal(model);
    if (refusal !== null) return err(refusal);
    if (word === undefined) return ok(askReloadWorker(model));
    const way = ways.indexOf(word.toLowerCase() === 'all' ? 'rolling' : word.toLowerCase());
    if (way >= 0) return ok(askReload(model, way));
    const worker = workerOf(model, word);
    return worker.ok
      ? ok(askReloadOf(model, [worker.value]))
      : err(`${worker.error}; or say all, chain or brutal`);
  },
};

const KILL: PromptCommand = {
  name: 'kill',
  usage: 'WID [SIGNAL]',
  help: `kill a worker with ${signals.join(', ')}, or ask which`,
  words(model, given) {
    return given.length === 0 ? workerIds(model) : given.length === 1 ? signals : [];
  },
  run(model, [word, signal]) {
    const refusal = controlRefusal(model);
    if (refusal !== null) return err(refusal);
    if (word === undefined) return err('kill which worker? Type its number, as in kill 3 TERM');
    const worker = workerOf(model, word);
    if (!worker.ok) return worker;
    if (signal === undefined) return ok(openSignalsOf(model, [worker.value]));
    const choice = signals.indexOf(signal.toUpperCase().replace(/^SIG/, ''));
    if (choice < 0) return err(`${quoted(signal)} is no signal, there are ${signals.join(', ')}`);
    return ok(askKill(model, [worker.value], choice));
  },
};

/** A command to the heap of one worker: that which is named, or the marked one. */
function onHeap(
  name: MemoryCommand['name'],
  about: { readonly usage: string; readonly help: string },
): PromptCommand {
  return {
    ...{ name, ...about },
    words: (model, given) => (given.length === 0 ? workerIds(model) : []),
    run(model, [word, seconds]) {
      if (word === undefined) return err(`${name} of which worker? As in ${name} 3`);
      const target = workerOf(model, word);
      return memoryByName(model, name, { target, ...(seconds === undefined ? {} : { seconds }) });
    },
  };
}

const ON_HEAP: readonly PromptCommand[] = [
  onHeap('gc', { usage: 'WID', help: 'collect the garbage of a worker now' }),
  onHeap('heap-snapshot', { usage: 'WID', help: 'write a heap snapshot, on the server' }),
  onHeap('heap-profile', { usage: 'WID [SECONDS]', help: 'who allocates, 10 s or as told' }),
  onHeap('compare-snapshots', { usage: 'WID', help: 'what grew between its last two snapshots' }),
];

const SORT: PromptCommand = {
  name: 'sort',
  usage: 'COLUMN [asc|desc]',
  help: 'sort by a column, the interesting end first or as told',
  words(_, given) {
    return given.length === 0 ? SORT_NAMES : given.length === 1 ? ['asc', 'desc'] : [];
  },
  run(model, [name, direction]) {
    if (!WORKER_VIEWS.includes(model.screen))
      return err('this view has no order: see view workers');
    if (name === undefined) return err('sort by which column? As in sort rss');
    const sort = readSort(name);
    if (!sort.ok) return sort;
    if (direction === undefined) return done(withSort(model, sort.value));
    const word = direction.toLowerCase();
    if (word !== 'asc' && word !== 'desc') {
      return err(`${quoted(direction)} is no direction: asc or desc`);
    }
    return done(withSort(model, { ...sort.value, descending: word === 'desc' }));
  },
};

const FILTER: PromptCommand = {
  name: 'filter',
  usage: '[TEXT]',
  help: 'filter the lines as / does, without a text show all again',
  words: none,
  run(model, _, rest) {
    if (model.screen === 'detail' || model.screen === 'queue')
      return err('this view has no lines to filter: Esc goes back');
    const next = withFilter(model, { text: rest, editing: false });
    const problem = LISTS[next.screen].problem?.(next) ?? null;
    return problem === null ? done(next) : err(problem);
  },
};

const COLUMNS: PromptCommand = {
  name: 'columns',
  usage: 'NAMES',
  help: 'show these columns in this order, with commas between; or all',
  words(_, given, begun) {
    if (given.length > 0) return [];
    const kept = begun.slice(0, begun.lastIndexOf(',') + 1);
    const taken = kept.split(',');
    const names = COLUMN_NAMES.filter((name) => !taken.includes(name));
    return kept === '' ? ['all', ...names] : names.map((name) => kept + name);
  },
  run(model, [names]) {
    if (names === undefined) return err('which columns? As in columns wid,status,rss, or all');
    const read =
      names.toLowerCase() === 'all' ? readColumns(COLUMN_NAMES.join()) : readColumns(names);
    if (!read.ok) return read;
    const there = TABLE_VIEWS.includes(model.screen)
      ? model
      : { ...model, screen: 'workers' as const };
    return done(arranged(withColumns(there, read.value)));
  },
};

const VIEW: PromptCommand = {
  name: 'view',
  usage: 'NAME',
  help: `show ${viewNames.join(', ')}`,
  words: first(viewNames),
  run(model, [name]) {
    const found = SCREENS.find(({ screen, keys }) => screen === name || keys.includes(name ?? ''));
    if (found !== undefined) return done(arranged({ ...model, screen: found.screen }));
    const known = viewNames.join(', ');
    if (name === undefined) return err(`which view? There are ${known}`);
    return err(`${quoted(name)} is no view, there are ${known}${didYouMean(viewNames, name)}`);
  },
};

const INTERVAL: PromptCommand = {
  name: 'interval',
  usage: 'SECONDS',
  help: `read the stats every so many seconds, ${MIN_INTERVAL_S} to ${MAX_INTERVAL_S}`,
  words: first(['0.5', '1', '2', '5', '10']),
  run(model, [word]) {
    const range = `from ${MIN_INTERVAL_S} to ${MAX_INTERVAL_S} seconds`;
    if (word === undefined) return err(`which interval? Type a number ${range}`);
    const seconds = /^\d+(\.\d+)?s?$/.test(word) ? Number.parseFloat(word) : Number.NaN;
    if (!(seconds >= MIN_INTERVAL_S && seconds <= MAX_INTERVAL_S)) {
      return err(`${quoted(word)} is no interval: type a number ${range}`);
    }
    return ok(withInterval(model, Math.round(seconds * 1000)));
  },
};

const THEME: PromptCommand = {
  name: 'theme',
  usage: 'NAME',
  help: `colours: ${THEME_NAMES.join(', ')}`,
  words: first(THEME_NAMES),
  run(model, [name]) {
    const known = THEME_NAMES.join(', ');
    if (name === undefined) return err(`which theme? There are ${known}`);
    const theme = THEME_NAMES.find((each) => each === name.toLowerCase());
    if (theme !== undefined) return ok(withAppearance(model, { theme }));
    return err(`${quoted(name)} is no theme, there are ${known}${didYouMean(THEME_NAMES, name)}`);
  },
};

const PAUSE: PromptCommand = {
  name: 'pause',
  usage: '',
  help: 'stop the screen, or go on',
  words: none,
  run: (model) => done(paused(model)),
};

const HELP: PromptCommand = {
  name: 'help',
  usage: '',
  help: 'the keys and these commands',
  words: none,
  run: (model) => done({ ...model, overlay: { kind: 'help', scroll: 0 } }),
};

const QUIT: PromptCommand = {
  name: 'quit',
  usage: '',
  help: 'quit',
  words: none,
  run: (model) => ok([model, [{ type: 'quit' }]]),
};

/** Every command of the `:` line, in the order of help and completion. */
export const PROMPT_COMMANDS: readonly PromptCommand[] = [
  ...[
    RELOAD,
    KILL,
    ...ON_HEAP,
    ...QUEUE_COMMANDS,
    SORT,
    FILTER,
    COLUMNS,
    VIEW,
    INTERVAL,
    THEME,
    PAUSE,
  ],
  ...[...TIME_COMMANDS, HELP, QUIT],
];

/**
 * Runs one line. What changes the server is asked about as its key asks; nothing is sent from here.
 * The error is a sentence about the word that is wrong.
 */
export function runPrompt(model: Model, text: string): Result<Step, string> {
  const [name = '', ...words] = text.split(/\s+/);
  const command = PROMPT_COMMANDS.find((each) => each.name === name.toLowerCase());
  if (command === undefined) {
    const names = PROMPT_COMMANDS.map((each) => each.name);
    const likely = didYouMean(names, name.toLowerCase());
    return err(`${quoted(name)} is no command, there are ${names.join(', ')}${likely}`);
  }
  const extra = tooMany(command, words);
  return extra === null ? command.run(model, words, text.slice(name.length).trim()) : err(extra);
}
