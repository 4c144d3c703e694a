import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { messageOf } from '../../shared/result.js';
import type { TaskEntry, TaskState, Verdict } from '../queue/admin.js';
import type { Queue } from '../queue/contract.js';
import { openQueue } from '../queue/open.js';
import { jsonLine, visible } from '../request-log/escape.js';
import { orderOf } from '../spooler/spool-order.js';
import { SPOOL_EXIT_CODES } from './options.js';
import type { SpoolRequest } from './requests.js';
import { countsText, leftOut, STATES, taskTable, taskText } from './text.js';

/** Around a spool command. */
export interface SpoolPlace {
  readonly stdin: Readable;
  readonly print: (line: string) => void;
  /** Tells what went wrong, or a remark, beside what is printed. */
  readonly tell: (line: string) => void;
  /** Null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  readonly now: () => number;
  /** Where the password of a Redis may be. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Put = Extract<SpoolRequest, { readonly action: 'put' }>;
type Show = Extract<SpoolRequest, { readonly action: 'show' }>;
type List = Extract<SpoolRequest, { readonly action: 'list' }>;
type Order = Extract<SpoolRequest, { readonly action: 'retry' | 'drop' }>;

const CODES = new Map<string, number>(SPOOL_EXIT_CODES.map(({ name, code }) => [name, code]));
const codeOf = (name: (typeof SPOOL_EXIT_CODES)[number]['name']): number => CODES.get(name) ?? 1;

const DONE = codeOf('done');
const REFUSED = codeOf('refused');
export const USAGE = codeOf('usage');

/** The longest payload that is read from standard input; a queue takes less. */
const MOST_STDIN = 16 * 1024 * 1024;

/** Does what is asked; the exit code. */
export async function runSpool(request: SpoolRequest, place: SpoolPlace): Promise<number> {
  let queue: Queue | null = null;
  try {
    // Only who puts something in makes a queue.
    const mustExist = request.action !== 'put';
    queue = await openQueue(request.queue, { ordered: false, mustExist }, place.env);
    return await act(queue, request, place);
  } catch (error) {
    place.tell(visible(messageOf(error)));
    return REFUSED;
  } finally {
    await queue?.close();
  }
}

async function act(queue: Queue, request: SpoolRequest, place: SpoolPlace): Promise<number> {
  switch (request.action) {
    case 'put':
      return put(queue, request, place);
    case 'list':
      return list(queue, request, place);
    case 'show':
      return show(queue, request, place);
    case 'retry':
    case 'drop':
      return order(queue, request, place);
    case 'pause':
    case 'resume':
      await queue.pause(request.action === 'pause');
      return told([request.action === 'pause' ? 'paused: what runs goes on' : 'resumed'], place);
    case 'counts': {
      const counts = await queue.counts();
      return told(request.json ? [jsonLine(counts)] : countsText(counts), place);
    }
  }
}

function told(lines: readonly string[], { print }: SpoolPlace): number {
  for (const line of lines) print(line);
  return DONE;
}

async function show(queue: Queue, { id, json }: Show, place: SpoolPlace): Promise<number> {
  const task = await queue.show(id);
  return task === null ? unknown(id, place) : told(json ? [jsonLine(task)] : taskText(task), place);
}

async function put(queue: Queue, request: Put, { stdin, print, tell, now }: SpoolPlace) {
  const { name, payload, options, body } = request;
  const text = payload === '-' ? await textOf(stdin) : payload;
  const bytes = body === null ? {} : { body: body === '-' ? stdin : await fileAt(body) };
  const order = orderOf(name, null, { ...options, ...bytes }, now());
  const { id, isNew } = await queue.put({ ...order, payload: text });
  print(visible(id));
  if (!isNew) {
    tell(`a task with the key "${visible(options.dedupeKey ?? '')}" is there: nothing was put in`);
  }
  return DONE;
}

async function fileAt(path: string): Promise<Readable> {
  try {
    return (await open(path)).createReadStream();
  } catch (error) {
    throw new Error(`--body ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function textOf(stdin: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Buffer);
    chunks.push(bytes);
    length += bytes.length;
    if (length > MOST_STDIN) {
      throw new Error('the payload on standard input is too large: put large data into --body');
    }
  }
  return Buffer.concat(chunks).toString().trim();
}

async function list(queue: Queue, request: List, { print, tell }: SpoolPlace): Promise<number> {
  const { state, most, json } = request;
  const tasks: TaskEntry[] = [];
  const listed = new Map<TaskState, number>();
  for (const each of state === null ? STATES : [state]) {
    const found = await queue.list(each, most);
    listed.set(each, found.length);
    tasks.push(...found);
  }
  if (json) {
    print(jsonLine(tasks));
    return DONE;
  }
  const counts = await queue.counts();
  if (counts.paused) tell('the queue is paused: --resume lets spoolers take tasks again');
  if (tasks.length === 0) tell(state === null ? 'the queue is empty' : `no task is ${state}`);
  else for (const line of taskTable(tasks)) print(line);
  for (const line of leftOut(listed, most, counts)) tell(line);
  return DONE;
}

async function order(queue: Queue, request: Order, place: SpoolPlace): Promise<number> {
  const { action, which } = request;
  const isAll = typeof which === 'string';
  const ids = isAll ? (await queue.list(which, Infinity)).map(({ id }) => id) : which;
  if (isAll && ids.length === 0) {
    place.tell(`no task is ${which}`);
    return DONE;
  }
  if (isAll && action === 'drop' && !(await mayDrop(request, which, ids.length, place))) {
    return REFUSED;
  }
  let code = DONE;
  for (const id of ids) {
    const verdict = await queue[action](id);
    if (judged(verdict, id, action, place) !== DONE) code = REFUSED;
  }
  return code;
}

async function mayDrop(
  { queue, yes }: Order,
  state: TaskState,
  count: number,
  { ask, tell }: SpoolPlace,
): Promise<boolean> {
  if (yes) return true;
  const tasks = count === 1 ? `the one ${state} task` : `all ${count} ${state} tasks`;
  const what = `${tasks} of ${visible(queue)}`;
  if (ask === null) {
    tell(`nobody can be asked whether to drop ${what}: add --yes; nothing was dropped`);
    return false;
  }
  if (await ask(`Drop ${what} for good?`)) return true;
  tell('nothing was dropped');
  return false;
}

function judged(verdict: Verdict, id: string, action: Order['action'], place: SpoolPlace): number {
  switch (verdict) {
    case 'done':
      place.print(`${visible(id)} ${action === 'drop' ? 'dropped' : 'offered again'}`);
      return DONE;
    case 'unknown':
      return unknown(id, place);
    case 'running':
      place.tell(
        `task ${visible(id)} is running: nobody else may touch it until its run has ended`,
      );
      return REFUSED;
  }
}

function unknown(id: string, { tell }: SpoolPlace): number {
  tell(`there is no task ${visible(id)}: it has run, or never was; see --list`);
  return REFUSED;
}
