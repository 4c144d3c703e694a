import { type ChangingCommand, isForWorker } from '../../shared/commands.js';
import type { Model } from './model.js';
import { leavesGap, waysOf } from './server-ways.js';
import { allRows } from './table-state.js';
import { isServing } from './worker-state.js';

/** What must be typed before nobody is left who accepts requests. */
export const LAST_WORD = 'kill';

/** How many workers accept requests now, and how many still will after these commands. */
export function capacity(
  model: Model,
  commands: readonly ChangingCommand[],
): { readonly before: number; readonly after: number; readonly all: number } {
  const rows = allRows(model);
  const ways = waysOf(model);
  const serving = rows.filter(({ worker }) => isServing(worker));
  const ends = ({ identity }: (typeof rows)[number]): boolean =>
    commands.some(
      (command) =>
        isForWorker(command) &&
        leavesGap(ways, command) &&
        command.worker === identity.worker &&
        command.pid === identity.pid &&
        command.spawned === identity.spawned,
    );
  const after = serving.filter((row) => !ends(row)).length;
  return { before: serving.length, after, all: rows.length };
}

function isKill({ name }: ChangingCommand): boolean {
  return name === 'kill-worker';
}

/** Whether a command ends all workers at once. */
export function endsAll(command: ChangingCommand): boolean {
  return command.name === 'reload' && command.how === 'brutal';
}

/** Whether these commands leave none of the workers that accept requests. */
export function needsWord(model: Model, commands: readonly ChangingCommand[]): boolean {
  if (commands.some(endsAll)) return capacity(model, commands).before > 0;
  if (!commands.every(isForWorker) || !commands.some(isKill)) return false;
  const { before, after } = capacity(model, commands);
  return before > 0 && after === 0;
}

/** The word after a key; null for a key that is not part of a text. */
export function typedAfter(key: string, typed: string): string | null {
  if (key === 'backspace') return typed.slice(0, -1);
  if (key === 'ctrl-u') return '';
  return /^[!-~]$/.test(key) ? (typed + key).slice(0, LAST_WORD.length) : null;
}
