import { duration, grouped } from '../../shared/units.js';
import { modelFreshness } from '../model/currency.js';
import { controlRefusal } from '../model/control-flow.js';
import type { Model } from '../model/model.js';
import { openedQueue } from '../model/queue-state.js';
import { markedTaskIndex, queueShares, type QueueTask, tasksOf } from '../model/queue-tasks.js';
import { type QueueFacts, shownQueues } from '../model/queues.js';
import type { ListedTask, TaskState } from '../model/task-list.js';
import type { WorkerKind } from '../model/worker-state.js';
import { age } from './ages.js';
import type { Line, Span, StyleName } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { ending } from './queue-preview.js';
import { clip, fit, linked, lineWidth, padded, restyled, span, wrapped } from './text.js';

/** The marker and the space after it. */
const MARGIN = 2;
/** From this width on the priority has a column, and from the next one the whole id. */
const WIDE = 100;
const WIDEST = 150;
/** Below this width only state, name, age and what is to be said have room. */
const NARROW = 60;
/** Columns of a bar, and the space after it. */
const BAR = 10;

/** How a task in each state looks: its sign is that of a worker in a like one. */
const STATES: Readonly<Record<TaskState, readonly [kind: WorkerKind, word: string, StyleName]>> = {
  running: ['busy', 'runs', 'work'],
  failed: ['dead', 'failed', 'alarm'],
  waiting: ['idle', 'waits', 'normal'],
  delayed: ['start', 'later', 'dim'],
};

/** One queue: what it holds, the tasks that are known, and all that is known of the marked one. */
export function queueView(model: Model, height: number): readonly Line[] {
  if (height <= 0) return [];
  const glyphs = glyphsFor(model.ascii);
  const { width } = model;
  const facts = openedQueue(model);
  const title = titleLine(model, facts, glyphs);
  if (facts === null) return [title];
  const shares = queueShares(model);
  const cells = cellsFor(width, glyphs);
  const tasks = tasksOf(model);
  const marked = markedTaskIndex(model, tasks);
  const old = modelFreshness(model).kind !== 'live';
  const top = model.queue?.top ?? 0;
  const rows = tasks.slice(top, top + shares.rows).map((task, at) => {
    const isMarked = top + at === marked;
    const sign = isMarked ? `${glyphs.marker} ` : ' '.repeat(MARGIN);
    const line = taskLine(task, cells, glyphs);
    const plain = clip(padded([span(sign), ...line], width), width, glyphs.ellipsis);
    const seen = isMarked ? restyled(plain, 'selected') : old ? restyled(plain, 'dim') : plain;
    return linked(seen, { kind: 'task', id: task.id });
  });
  const note: Line = [span(`  ${noteOf(model, facts)}`, 'dim')];
  const hasRoom = rows.length < shares.rows;
  const blank = Array.from({ length: Math.max(0, shares.rows - rows.length - 1) }, (): Line => []);
  return [
    title,
    ...(shares.counts ? [countsLine(facts, glyphs)] : []),
    ...(shares.titles ? [titlesLine(cells, width, glyphs)] : []),
    ...rows,
    ...(hasRoom ? [note, ...blank] : []),
    ...aboutLines(model, tasks[marked] ?? null, shares.about, hasRoom ? null : note),
  ].map((line) => clip(line, width, glyphs.ellipsis));
}

/** Its name, whether it is paused, who works for it; at the right how old the list is, and which of how many queues this is. */
function titleLine(model: Model, facts: QueueFacts | null, glyphs: Glyphs): Line {
  const { width, queue } = model;
  const name = span(` ${ending(queue?.queue ?? '', Math.max(8, Math.floor(width / 2)))}`, 'title');
  if (facts === null) return [name, span('  there is no such queue any more', 'attention')];
  const line = [name, ...stateSpans(facts, glyphs)];
  const queues = shownQueues(model);
  const which =
    queues.length < 2
      ? ''
      : `${glyphs.left} ${queues.indexOf(facts) + 1} of ${queues.length} queues ${glyphs.right} `;
  const room = width - lineWidth(line);
  return which.length + 2 > room ? line : [...line, span(which.padStart(room), 'dim')];
}

function stateSpans({ paused, working, spoolers }: QueueFacts, { state }: Glyphs): Span[] {
  const who =
    working === spoolers
      ? `  ${spoolers} spooler${spoolers === 1 ? '' : 's'}`
      : `  ${working} of ${spoolers} spoolers work`;
  const spans = [span(who, working === 0 ? 'alarm' : 'dim')];
  return paused === true ? [span(`  ${state.pause} paused`, 'attention'), ...spans] : spans;
}

/** What it holds, as the document has it. */
function countsLine(facts: QueueFacts, glyphs: Glyphs): Line {
  const { oldest, rate } = facts;
  const waiting = facts.paused === true ? 'attention' : 'bright';
  const all = [
    countSpan(facts.inProgress, 'in progress', 'work', glyphs),
    countSpan(facts.failed, 'failed', 'alarm', glyphs),
    countSpan(facts.waiting, 'waiting', waiting, glyphs),
    countSpan(facts.delayed, 'for later', 'normal', glyphs),
    ...(rate === null ? [] : [span(`${rate.toFixed(1)} runs/s`)]),
    ...(oldest === null || oldest <= 0 ? [] : [span(`oldest ${duration(oldest)}`)]),
  ];
  return all.flatMap((part, at) =>
    at === 0 ? [span(' '), part] : [span(` ${glyphs.separator} `, 'dim'), part],
  );
}

/** How many there are; none is dim, and what is not known is a dash. */
function countSpan(count: number | null, what: string, style: StyleName, glyphs: Glyphs): Span {
  const told = count === null ? glyphs.unknown : grouped(count);
  return span(`${told} ${what}`, count === null || count === 0 ? 'dim' : style);
}

interface Cell {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly text: (task: QueueTask) => string;
  readonly style: (task: QueueTask) => StyleName;
}

const normal = (): StyleName => 'normal';
const dim = (): StyleName => 'dim';

function cellsFor(width: number, glyphs: Glyphs): readonly Cell[] {
  const number = (value: number | null): string =>
    value === null ? glyphs.unknown : String(value);
  const state: Cell = {
    ...{ title: 'STATE', width: 8, align: 'left' },
    text: (task) => `${glyphs.state[STATES[task.state][0]]} ${STATES[task.state][1]}`,
    style: (task) => STATES[task.state][2],
  };
  const time: Cell = {
    ...{ title: 'TIME', width: 9, align: 'right', style: normal },
    text: (task) => timeOf(task, glyphs),
  };
  const name: Cell = {
    ...{ title: 'NAME', width: width >= WIDE ? 24 : 16, align: 'left', style: normal },
    text: (task) => task.name,
  };
  const id: Cell = {
    ...{ title: 'ID', width: width >= WIDEST ? 32 : 8, align: 'left', style: dim },
    text: (task) => (width >= WIDEST ? task.id : task.id.slice(0, 8)),
  };
  const runs: Cell = {
    ...{ title: 'RUN', width: 3, align: 'right', style: normal },
    text: ({ attempts }) => number(attempts),
  };
  const priority: Cell = {
    ...{ title: 'PRI', width: 3, align: 'right', style: dim },
    text: (task) => number(task.priority),
  };
  if (width < NARROW) return [state, time, { ...name, width: 12 }];
  return width < WIDE ? [state, time, name, id, runs] : [state, time, name, id, runs, priority];
}

/** For how long it runs, has failed or waits, or until when. */
function timeOf({ state, age: seconds }: QueueTask, glyphs: Glyphs): string {
  if (seconds === null) return glyphs.unknown;
  if (state !== 'delayed') return age(seconds);
  return seconds >= 0 ? 'now' : `in ${age(-seconds)}`;
}

function taskLine(task: QueueTask, cells: readonly Cell[], glyphs: Glyphs): Line {
  return [
    ...cells.map(({ width, align, text, style }) =>
      span(`${fit(text(task), width, align, glyphs.ellipsis)}  `, style(task)),
    ),
    ...lastSpans(task, glyphs),
  ];
}

/** What is to be said of it: how far it is, or what went wrong. */
function lastSpans({ progress, error }: QueueTask, glyphs: Glyphs): Span[] {
  if (error !== null) return [span(error, 'attention')];
  if (progress === null) return [];
  const full = Math.round(Math.min(1, Math.max(0, progress)) * BAR);
  return [
    span(glyphs.bar.busy.repeat(full), 'measure'),
    span(glyphs.bar.other.repeat(BAR - full), 'dim'),
    span(` ${Math.round(progress * 100)} %`),
  ];
}

function titlesLine(cells: readonly Cell[], width: number, { ellipsis }: Glyphs): Line {
  const titles = cells.map(({ title, width: wide, align }) => fit(title, wide, align, ellipsis));
  const text = ' '.repeat(MARGIN) + [...titles, 'PROGRESS, LAST ERROR'].join('  ');
  return [span(fit(text, width, 'left', ellipsis), 'header')];
}

/** Why not all of its tasks are listed, or how old the list is. */
function noteOf(model: Model, facts: QueueFacts): string {
  const { queue, past } = model;
  if (past !== null) return 'what waits and what failed is known of now only: 0 returns to it';
  const listed = queue?.listed ?? null;
  const problem = controlRefusal(model) ?? queue?.problem ?? null;
  if (problem !== null) {
    const then = listed === null ? '' : `, this was so ${sinceText(model, listed.at)}`;
    return `the others are not listed: ${problem}${then}`;
  }
  if (listed === null) return 'asking a spooler what waits and what failed ...';
  if (listed.isPart) return partText(listed.tasks, facts);
  return tasksOf(model).length === 0 ? 'nothing runs, waits or has failed' : '';
}

/** How many of each state are listed where that is not all of them. */
function partText(tasks: readonly ListedTask[], facts: QueueFacts): string {
  const parts = (['failed', 'waiting', 'delayed'] as const).flatMap((state) => {
    const shown = tasks.filter((task) => task.state === state).length;
    const all = facts[state];
    const word = state === 'delayed' ? 'for later' : state;
    return all !== null && all > shown ? [`${shown} of ${grouped(all)} ${word}`] : [];
  });
  const what = parts.length === 0 ? 'not all tasks are listed' : `listed: ${parts.join(', ')}`;
  return `${what}; the server tells no more`;
}

function sinceText({ now }: Model, at: number): string {
  return `${Math.max(0, Math.round((now - at) / 1000))} s ago`;
}

/** All that is known of the marked task, in the lines below the list. */
function aboutLines(
  { width }: Model,
  task: QueueTask | null,
  height: number,
  note: Line | null,
): Line[] {
  if (height === 0) return [];
  const first: Line = note ?? [];
  if (task === null) return [first];
  const id: Line = [
    span('  task ', 'dim'),
    span(task.id, 'bright'),
    span(` ${task.name}`),
    ...(task.priority === null ? [] : [span(`, priority ${task.priority}`, 'dim')]),
  ];
  const error = wrapped(task.error ?? '', Math.max(1, width - 2 * MARGIN)).slice(0, height - 2);
  return [first, id, ...error.map((text): Line => [span(`  ${text}`, 'alarm')])];
}
