import { type ChangingCommand, isForWorker, type WorkerIdentity } from '../../shared/commands.js';
import { capacity } from '../model/last-worker.js';
import type { Model } from '../model/model.js';
import type { WorkerRow } from '../model/rows.js';
import { cutsOff, leavesGap, waysOf } from '../model/server-ways.js';
import { rowOf } from '../model/table-state.js';
import { STUCK_MS } from '../model/worker-state.js';
import type { Line, Span } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { plural, span } from './text.js';

/** The words of a question. */
export interface Question {
  readonly title: string;
  readonly act: string;
  /** Of the button on a narrow terminal. */
  readonly short: string;
}

/** A command that changes one worker. */
type Target = Extract<ChangingCommand, WorkerIdentity>;

/** Lines of the dialog that are not one of the workers: borders, sums, field, buttons. */
const AROUND = 8;

/** What is asked before several workers are acted on. */
export function batchQuestion(commands: readonly ChangingCommand[]): Question {
  const many = plural(commands.length, 'worker');
  const [first] = commands;
  return first?.name === 'kill-worker'
    ? {
        title: `Kill ${many} with SIG${first.signal}`,
        act: `Send SIG${first.signal} to ${commands.length}`,
        short: first.signal,
      }
    : { title: `Reload ${many}`, act: `Reload ${commands.length}`, short: 'Reload' };
}

/** Which workers these commands act on, what becomes of their requests, and who remains. */
export function batchPreview(
  model: Model,
  asked: readonly ChangingCommand[],
  glyphs: Glyphs,
): Line[] {
  const commands = asked.filter((command): command is Target => isForWorker(command));
  const room = Math.max(1, model.height - AROUND);
  const shown = commands.length > room ? room - 1 : commands.length;
  const others = commands.slice(shown).map(({ worker }) => worker);
  return [
    ...commands.slice(0, shown).map((command) => targetLine(model, command, glyphs)),
    ...(others.length > 0 ? [[span(`and ${others.length}: ${others.join(' ')}`)]] : []),
    [flightSpan(model, commands)],
    [remainingSpan(model, commands)],
  ];
}

function rowOfCommand(model: Model, { worker, pid, spawned }: Target): WorkerRow | null {
  return rowOf(model, { worker, pid, spawned, nth: 0 });
}

function targetLine(model: Model, command: Target, glyphs: Glyphs): Line {
  const { worker, pid } = command;
  const name = `worker ${String(worker).padStart(3)}  pid ${String(pid).padStart(7)}`;
  const row = rowOfCommand(model, command);
  if (row === null) return [span(`${name}  is gone`, 'dim')];
  const { inFlight } = row;
  const flying = inFlight === null ? glyphs.unknown : String(inFlight);
  const stalled = row.worker.stalled_ms ?? 0;
  const blocked = stalled >= STUCK_MS ? `  blocked for ${(stalled / 1000).toFixed(1)} s` : '';
  return [span(`${name}  ${flying.padStart(4)} in flight`), span(blocked, 'alarm')];
}

function flightSpan(model: Model, commands: readonly Target[]): Span {
  const counts = commands.map((command) => rowOfCommand(model, command)?.inFlight ?? null);
  const flying = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const least = counts.includes(null) ? 'at least ' : '';
  const cut = commands.some((command) => cutsOff(waysOf(model), command));
  if (flying === 0 && least === '') return span('nothing is in flight');
  const requests = `${least}${plural(flying, 'request')} in flight`;
  return cut ? span(`${requests} will fail`, 'alarm') : span(`${requests} finish first`);
}

function remainingSpan(model: Model, commands: readonly Target[]): Span {
  const { before, after, all } = capacity(model, commands);
  const newFirst = !commands.some((command) => leavesGap(waysOf(model), command));
  return newFirst
    ? span(`${before} of ${plural(all, 'worker')} remain: new ones first`)
    : span(`${after} of ${plural(all, 'worker')} remain`, after === 0 ? 'alarm' : 'normal');
}
