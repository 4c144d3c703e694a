import { readCommandLine } from '../../shared/command-line.js';
import { type OptionValues, readOptions } from '../../shared/options.js';
import { err, ok, type Result } from '../../shared/result.js';
import { checkQueue } from '../options/queue-name.js';
import type { TaskState } from '../queue/admin.js';
import { isRedisUrl, withoutPassword } from '../queue/redis/address.js';
import { ACTIONS, type Action, GOES_WITH, SPOOL_OPTIONS, SPOOL_PROGRAM } from './options.js';
import { putRequest, surplus } from './put-request.js';
import type { SpoolRequest } from './requests.js';

/** What the words behind `tsuwsgi spool` come down to. */
export type SpoolInvocation =
  | { readonly kind: 'run'; readonly request: SpoolRequest; readonly passwordFile: string | null }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'refuse'; readonly problems: readonly string[] };

type Values = OptionValues<typeof SPOOL_OPTIONS>;

/** Reads the words behind `tsuwsgi spool`. */
export function readSpoolCommand(argv: readonly string[]): SpoolInvocation {
  const line = readCommandLine(SPOOL_PROGRAM, argv);
  if (line.kind === 'print') return line;
  if (line.kind === 'error') return refuse([line.message]);
  const values = readOptions(SPOOL_OPTIONS, line.settings);
  if (!values.ok) return refuse(values.error);
  const action = actionOf(values.value);
  if (!action.ok) return refuse([action.error]);
  const given = line.settings.map(({ name }) => name);
  const stray = given.find((name) => GOES_WITH[name]?.includes(action.value) === false);
  if (stray !== undefined) return refuse([strayProblem(stray, action.value)]);
  const [queue = '', ...operands] = line.operands;
  const { 'password-file': passwordFile = null } = values.value;
  const problem = queueProblem(queue, passwordFile);
  if (problem !== null) return refuse([problem]);
  const request = requestOf(action.value, queue, operands, values.value);
  return request.ok
    ? { kind: 'run', request: request.value, passwordFile }
    : refuse([request.error]);
}

function queueProblem(queue: string, passwordFile: string | null): string | null {
  if (queue === '') return 'no queue is named: tsuwsgi spool DIR NAME JSON, or --help';
  const problem = checkQueue(queue);
  if (problem !== null) return `DIR "${withoutPassword(queue)}": ${problem}`;
  if (passwordFile === null || isRedisUrl(queue)) return null;
  return `--password-file ${passwordFile} has no Redis to be given to: ${queue} is a folder`;
}

function refuse(problems: readonly string[]): SpoolInvocation {
  return { kind: 'refuse', problems };
}

function actionOf(values: Values): Result<Action, string> {
  const [first = 'put', second] = ACTIONS.filter((action) => values[action]);
  if (second === undefined) return ok(first);
  return err(`--${first} and --${second} are two things to do: leave one out`);
}

function strayProblem(option: string, action: Action): string {
  const wanted = (GOES_WITH[option] ?? []).map((each) =>
    each === 'put' ? 'putting a task in' : `--${each}`,
  );
  const beside = action === 'put' ? 'putting a task in' : `--${action}`;
  return `--${option} says nothing to ${beside}: it goes with ${wanted.join(', ')}`;
}

function requestOf(
  action: Action,
  queue: string,
  operands: readonly string[],
  values: Values,
): Result<SpoolRequest, string> {
  const { json } = values;
  switch (action) {
    case 'put':
      return putRequest(queue, operands, values);
    case 'show':
      return showRequest(queue, operands, json);
    case 'retry':
    case 'drop': {
      const which = whichOf(action, operands, values);
      return which.ok ? ok({ action, queue, which: which.value, yes: values.yes }) : which;
    }
    case 'list':
      return alone(operands, { action, queue, state: stateOf(values), most: values.most, json });
    case 'counts':
      return alone(operands, { action, queue, json });
    case 'pause':
    case 'resume':
      return alone(operands, { action, queue });
  }
}

function showRequest(
  queue: string,
  [id, second]: readonly string[],
  json: boolean,
): Result<SpoolRequest, string> {
  if (id === undefined) return err(`--show ${queue}: no task is named: give the id of one`);
  return alone(second === undefined ? [] : [second], { action: 'show', queue, id, json });
}

/** Nothing but the queue is named. */
function alone([word]: readonly string[], request: SpoolRequest): Result<SpoolRequest, string> {
  return word === undefined ? ok(request) : surplus(word);
}

/** `choices` of the row are the states. */
function stateOf({ state }: Values): TaskState | null {
  return (state ?? null) as TaskState | null;
}

function whichOf(
  action: 'retry' | 'drop',
  ids: readonly string[],
  values: Values,
): Result<readonly string[] | TaskState, string> {
  const { all } = values;
  const state = stateOf(values);
  if (!all && ids.length > 0 && state === null) return ok([...new Set(ids)]);
  if (all && ids.length === 0) return ok(state ?? 'failed');
  if (all) return err(`--all and the id ${ids[0] ?? ''}: give one of the two`);
  if (state !== null) return err(`--state ${state} goes with --all: add that, or leave it out`);
  return err(`--${action}: no task is named: give ids, or --all`);
}
