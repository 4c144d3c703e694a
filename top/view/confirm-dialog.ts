import {
  type ChangingCommand,
  isForMemory,
  isForQueue,
  isForWorker,
  type ReloadMode,
  type WorkerIdentity,
} from '../../shared/commands.js';
import { duration } from '../../shared/units.js';
import { targetAlive } from '../model/control-flow.js';
import { endsAll, LAST_WORD, needsWord } from '../model/last-worker.js';
import type { Model } from '../model/model.js';
import type { Overlay } from '../model/overlay.js';
import type { WorkerRow } from '../model/rows.js';
import { cutsOff, leavesGap, reloadName, type ServerWays, waysOf } from '../model/server-ways.js';
import { allRows, rowOf } from '../model/table-state.js';
import { isServing, STUCK_MS } from '../model/worker-state.js';
import type { Dialog } from './dialog.js';
import type { Line, Span } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { plural, span } from './text.js';
import { batchPreview, batchQuestion, type Question } from './batch-preview.js';
import { memoryPreview, memoryQuestion } from './memory-preview.js';
import { queuePreview, queueQuestion } from './queue-preview.js';

/** What the commands would do now, from the newest document. */
function preview(model: Model, commands: readonly ChangingCommand[], glyphs: Glyphs): Line[] {
  const [command] = commands;
  if (command === undefined) return [];
  if (commands.length > 1) return batchPreview(model, commands, glyphs);
  if (isForQueue(command)) return queuePreview(model, command);
  const rows = allRows(model);
  const serving = rows.filter(({ worker }) => isServing(worker)).length;
  const ways = waysOf(model);
  if (command.name === 'reload') {
    const { how = 'rolling' } = command;
    return ways.newFirst ? reloadPreview(rows, how, serving) : uwsgiReloadPreview(rows, how);
  }
  if (!isForWorker(command))
    return [[span(`${serving} of ${plural(rows.length, 'worker')} serve now`)]];
  const { worker, pid, spawned } = command;
  const row = rowOf(model, { worker, pid, spawned, nth: 0 });
  if (row === null) {
    return [[span(`pid ${pid} is gone: there is nothing to do`, 'alarm')]];
  }
  if (isForMemory(command)) {
    return memoryPreview(row, command, { serving, all: rows.length }, glyphs);
  }
  return workerPreview(row, command, { serving, all: rows.length, ways }, glyphs);
}

function reloadPreview(rows: readonly WorkerRow[], how: ReloadMode, serving: number): Line[] {
  const { wanted, flying, requests } = sums(rows);
  if (how === 'brutal') {
    return [
      [span(`${plural(wanted, 'worker')}, all at once: they exit, then new ones start`)],
      flying === 0 ? [span('nothing is in flight')] : [span(`${requests} will fail`, 'alarm')],
      [span('none serves until the application is loaded again', 'alarm')],
    ];
  }
  const pace = how === 'chain' ? 'one by one' : 'a few at a time';
  return [
    [span(`${plural(wanted, 'worker')}, ${pace}: new process first`)],
    [span(`${requests} finish in the old processes`)],
    [span(`all ${serving} that serve now remain`)],
  ];
}

function sums(rows: readonly WorkerRow[]): {
  readonly wanted: number;
  readonly flying: number;
  readonly requests: string;
} {
  const wanted = rows.filter(({ condition }) => condition.kind !== 'cheap').length;
  const flying = rows.reduce((sum, row) => sum + (row.inFlight ?? 0), 0);
  return { wanted, flying, requests: `${plural(flying, 'request')} in flight` };
}

/** uWSGI starts no new process before the old one is gone. */
function uwsgiReloadPreview(rows: readonly WorkerRow[], how: ReloadMode): Line[] {
  const { wanted, flying, requests } = sums(rows);
  const workers = plural(wanted, 'worker');
  const finish = flying === 0 ? 'nothing is in flight' : `${requests} finish first`;
  if (how === 'chain') {
    return [
      [span(`${workers}, one by one: each ends, then the new one starts`)],
      [span(finish)],
      [span(`${wanted - 1} of ${wanted} remain`, wanted === 1 ? 'alarm' : 'normal')],
    ];
  }
  const cuts = how === 'brutal' && flying > 0;
  return [
    [span(`${workers} end together, then the master starts itself anew`)],
    [cuts ? span(`${requests} will fail`, 'alarm') : span(finish)],
    [span('none serves until the last one ended and the application is loaded', 'alarm')],
  ];
}

function workerPreview(
  row: WorkerRow,
  command: Extract<ChangingCommand, WorkerIdentity>,
  pool: { readonly serving: number; readonly all: number; readonly ways: ServerWays },
  glyphs: Glyphs,
): Line[] {
  const first: string[] = [`pid ${command.pid}`];
  if (row.age !== null) first.push(`spawned ${duration(row.age)} ago`);
  const stalled = row.worker.stalled_ms ?? 0;
  if (stalled >= STUCK_MS) first.push(`blocked for ${(stalled / 1000).toFixed(1)} s`);
  const { ways } = pool;
  const rest = isServing(row.worker) ? pool.serving - 1 : pool.serving;
  return [
    [span(first.join(` ${glyphs.separator} `))],
    [flightSpan(row, cutsOff(ways, command))],
    leavesGap(ways, command)
      ? [span(`${rest} of ${pool.all} workers remain`, rest === 0 ? 'alarm' : 'normal')]
      : [span(`${pool.serving} of ${pool.all} workers remain: new one first`)],
  ];
}

function flightSpan(row: WorkerRow, kills: boolean): Span {
  const { inFlight } = row;
  if (inFlight === null) {
    return span(`requests in flight are not known${kills ? ' and will fail' : ''}`);
  }
  if (inFlight === 0) return span('nothing is in flight');
  return kills
    ? span(`${plural(inFlight, 'request')} in flight will fail`, 'alarm')
    : span(`${plural(inFlight, 'request')} in flight finish first, within the mercy`);
}

function questionOf(commands: readonly ChangingCommand[], ways: ServerWays): Question {
  const [command] = commands;
  if (command === undefined) return { title: '', act: '', short: '' };
  if (commands.length > 1) return batchQuestion(commands);
  if (command.name === 'reload') {
    const title = `Reload all workers, ${reloadName(ways, command.how)}`;
    return { title, act: 'Reload all', short: 'Reload' };
  }
  if (command.name === 'reload-worker') {
    return {
      title: `Reload worker ${command.worker}`,
      act: `Reload ${command.worker}`,
      short: 'Reload',
    };
  }
  if (command.name === 'scale') {
    const title = `Run ${plural(command.workers, 'worker')}`;
    return { title, act: title, short: 'Scale' };
  }
  if (command.name === 'pause') {
    const word = command.paused ? 'Pause' : 'Resume';
    return { title: `${word} all workers`, act: word, short: word };
  }
  if (isForMemory(command)) return memoryQuestion(command);
  if (isForQueue(command)) return queueQuestion(command);
  const { worker, signal } = command;
  return {
    title: `Kill worker ${worker} with SIG${signal}`,
    act: `Send SIG${signal}`,
    short: signal,
  };
}

/** The field for the word that the last worker takes; nothing where no word is asked for. */
function wordField(model: Model, { commands, typed }: Confirm, glyphs: Glyphs): Line[] {
  if (!needsWord(model, commands)) return [];
  const cursor = typed === LAST_WORD ? ' ' : glyphs.cursor;
  const field = `${typed}${cursor}`.padEnd(LAST_WORD.length + 1);
  const all = commands.some(endsAll);
  const wide = all
    ? 'this ends all workers at once: '
    : 'this takes the last worker that accepts: ';
  const last = model.width >= WIDE ? wide : all ? 'all at once: ' : 'the last one: ';
  return [[span(last, 'alarm'), span(`type ${LAST_WORD} `), span(`[${field}]`, 'bright')]];
}

type Confirm = Extract<Overlay, { kind: 'confirm' }>;

/** Below this width the buttons have short texts, and up to this one the field has. */
const NARROW = 34;
const WIDE = 64;

/** The question before a change: what it does, to whom, at what price. Cancel is the default. */
export function confirmDialog(model: Model, overlay: Confirm, glyphs: Glyphs): Dialog {
  const { commands, focus, typed } = overlay;
  const { title, act, short } = questionOf(commands, waysOf(model));
  const narrow = model.width < NARROW;
  const [open, close] = narrow ? ['[', ']'] : ['[ ', ' ]'];
  const button = (label: string, is: Confirm['focus'], chosen: boolean): Span => {
    const blank = ' '.repeat(open.length);
    const look = chosen
      ? span(`${open}${label}${close}`, 'selected')
      : span(`${blank}${label}${blank}`, 'normal');
    return { ...look, target: { kind: 'button', focus: is, commands } };
  };
  const text = preview(model, commands, glyphs);
  const field = wordField(model, overlay, glyphs);
  const possible =
    commands.some((command) => targetAlive(model, command)) &&
    (field.length === 0 || typed === LAST_WORD);
  const action = button(narrow ? short : act, 'act', possible && focus === 'act');
  return {
    title: overlay.rest === undefined ? title : `${title} first, as a canary`,
    style: 'attention',
    body: model.height >= 8 ? [...text, []] : text,
    focus: 0,
    foot: [
      ...field,
      [
        button('Cancel', 'cancel', focus === 'cancel'),
        span(' '),
        possible ? action : span(action.text, 'dim'),
      ],
    ],
    footCentred: true,
  };
}
