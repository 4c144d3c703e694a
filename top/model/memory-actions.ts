import { type MemoryCommand, PROFILE_SECONDS } from '../../shared/commands.js';
import { err, ok, type Result } from '../../shared/result.js';
import { ask, type Step, targetAlive, workerRefusal, controlRefusal } from './control-flow.js';
import { targetOf } from './detail-state.js';
import type { Model } from './model.js';
import { choiceAfter, closed, isClosing } from './overlay-keys.js';
import type { RowIdentity } from './rows.js';
import { isUwsgi } from './server-ways.js';

/** A row of the menu of what can be done to the memory of a worker. */
export interface MemoryWay {
  readonly name: MemoryCommand['name'];
  readonly title: string;
  readonly help: string;
}

export const MEMORY_WAYS: readonly MemoryWay[] = [
  { name: 'gc', title: 'gc', help: 'collect all garbage now; tells heap and RSS before and after' },
  { name: 'heap-snapshot', title: 'snapshot', help: 'write a .heapsnapshot; blocks the worker' },
  { name: 'heap-profile', title: 'profile', help: 'ten seconds of who allocates; it serves on' },
  { name: 'compare-snapshots', title: 'compare', help: 'what grew between its last two snapshots' },
];

/** Seconds of a heap profile where nobody says how many. */
const USUAL_SECONDS = 10;

const NOT_HERE = 'a uWSGI knows of no JavaScript heap: this takes a tsuwsgi';

/** Why nothing can be done to the memory of the marked worker; null when it can. */
export function memoryRefusal(model: Model): string | null {
  if (isUwsgi(model)) return NOT_HERE;
  const refusal = workerRefusal(model);
  if (refusal !== null) return refusal;
  return targetOf(model) === null ? 'mark a worker first: this is done to one at a time' : null;
}

/** Opens the menu for the worker that is marked or shown. */
export function openMemory(model: Model): Step {
  const target = targetOf(model);
  if (target === null) return [model, []];
  return [{ ...model, hint: null, overlay: { kind: 'memory', target, choice: 0 } }, []];
}

/** A key in that menu. */
export function inMemory(
  model: Model,
  overlay: Extract<Model['overlay'], { kind: 'memory' }>,
  key: string,
): Step {
  if (isClosing(key)) return [closed(model), []];
  const choice = choiceAfter(key, overlay.choice, MEMORY_WAYS.length);
  if (choice !== null) return [{ ...model, overlay: { ...overlay, choice } }, []];
  const way = MEMORY_WAYS[overlay.choice];
  if (key !== 'enter' || way === undefined) return [model, []];
  return askMemory(closed(model), overlay.target, way.name, USUAL_SECONDS);
}

/** A key in the list of top allocators, or of classes that grew. */
export function inAllocators(
  model: Model,
  overlay: Extract<Model['overlay'], { kind: 'allocators' }>,
  key: string,
): Model {
  if (isClosing(key) || key === 'enter') return closed(model);
  const scroll = choiceAfter(key, overlay.scroll, overlay.lines.length);
  return scroll === null ? model : { ...model, overlay: { ...overlay, scroll } };
}

/** Asks before it is done; nothing is sent from here. */
function askMemory(
  model: Model,
  { worker, pid, spawned }: RowIdentity,
  name: MemoryCommand['name'],
  seconds: number,
): Step {
  const identity = { worker, pid, spawned };
  const command: MemoryCommand =
    name === 'heap-profile' ? { name, seconds, ...identity } : { name, ...identity };
  if (targetAlive(model, command)) return ask(model, command);
  const text = `worker ${worker} (pid ${pid}) is gone: nothing was sent`;
  return [{ ...model, hint: { text, at: model.now } }, []];
}

/** What is typed: a worker and, for a profile, for how long. The error names the word. */
export function memoryByName(
  model: Model,
  name: MemoryCommand['name'],
  { target, seconds }: { readonly target: Result<RowIdentity, string>; readonly seconds?: string },
): Result<Step, string> {
  if (isUwsgi(model)) return err(NOT_HERE);
  const refusal = controlRefusal(model);
  if (refusal !== null) return err(refusal);
  if (!target.ok) return target;
  const length = seconds === undefined ? ok(USUAL_SECONDS) : readSeconds(seconds);
  return length.ok ? ok(askMemory(model, target.value, name, length.value)) : length;
}

function readSeconds(word: string): Result<number, string> {
  const { min, max } = PROFILE_SECONDS;
  const seconds = /^\d{1,3}s?$/.test(word) ? Number.parseInt(word, 10) : Number.NaN;
  if (seconds >= min && seconds <= max) return ok(seconds);
  const shown = JSON.stringify(word.slice(0, 40));
  return err(`${shown} is no length of a profile: type ${min}s to ${max}s`);
}
