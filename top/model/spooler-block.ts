import type { RunningTask, UwsgiParts } from '../../shared/stats.js';
import { duration, grouped } from '../../shared/units.js';
import { type Row, UNKNOWN, words } from './block.js';
import { sanitizeShort } from './sanitize.js';

type Spooler = UwsgiParts['spoolers'][number];

/** Tasks of a spooler that are shown; a process may run a thousand. */
const SHOWN = 5;

const told = (value: number | null | undefined): string =>
  value === undefined || value === null ? UNKNOWN : grouped(value);

/** All spoolers: what a queue holds stands with the first one of it. */
export function spoolersRows(spoolers: readonly Spooler[]): Row[] {
  const firsts = new Set(new Map(spoolers.toReversed().map((one) => [one.queue, one])).values());
  return spoolers.flatMap((spooler) => spoolerRows(spooler, firsts.has(spooler)));
}

/** A spooler: of a uWSGI in one line, of a tsuwsgi with what its queue holds and what it runs. */
export function spoolerRows(spooler: Spooler, isFirst = true): Row[] {
  const first = processRow(spooler);
  if (spooler.queue === undefined) return [first];
  const { running_tasks: runs = [] } = spooler;
  const more = runs.length - SHOWN;
  return [
    first,
    ...(isFirst ? [words('', inQueue(spooler), isOfNote(spooler) ? 'attention' : 'normal')] : []),
    ...runs.slice(0, SHOWN).map((run) => words('', runOf(run), 'work')),
    ...(more > 0 ? [words('', `and ${grouped(more)} more`)] : []),
  ];
}

function processRow(spooler: Spooler): Row {
  const { dir, pid, respawns, running } = spooler;
  const busy = (running ?? 0) > 0;
  const state = running === undefined ? UNKNOWN : busy ? 'runs a task' : 'idle';
  const counts = `${ended(spooler)} · ${told(respawns)} respawns`;
  const label = sanitizeShort(dir ?? UNKNOWN, 200);
  const line = `${state} · pid ${pid ?? UNKNOWN} · ${counts}`;
  return words(label, line, busy ? 'work' : 'normal');
}

/** A uWSGI counts a task each time that it is run, and does not tell how that ended. */
function ended({ tasks, done }: Spooler): string {
  return done === undefined
    ? `${told(tasks)} tasks done`
    : `${told(tasks)} runs, ${told(done)} tasks done`;
}

function isOfNote({ failed, paused }: Spooler): boolean {
  return (failed ?? 0) > 0 || (paused ?? 0) > 0;
}

function inQueue({ paused, waiting, delayed, in_progress: now, failed }: Spooler): string {
  const held = (paused ?? 0) > 0 ? 'paused · ' : '';
  return `${held}${told(failed)} failed · ${told(waiting)} waiting · ${told(delayed)} delayed · ${told(now)} in progress`;
}

function runOf({ id, name, age_s: age, attempt, progress }: RunningTask): string {
  const far = progress === null ? '' : ` · ${Math.round(progress * 100)} %`;
  const what = `${sanitizeShort(name, 60)} ${sanitizeShort(id, 12)}`;
  return `${what} · for ${duration(age)} · attempt ${attempt}${far}`;
}
