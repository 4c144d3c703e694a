import { sanitizeShort } from './sanitize.js';

/** Where a task of a queue is. */
export type TaskState = 'running' | 'failed' | 'waiting' | 'delayed';

/** A task that a server listed; every text is safe to draw. */
export interface ListedTask {
  readonly id: string;
  readonly name: string;
  readonly state: Exclude<TaskState, 'running'>;
  /** Runs that began; null where it is not told, as of all that follows. */
  readonly attempts: number | null;
  readonly priority: number | null;
  /** When it is or was due, in milliseconds since 1970. */
  readonly due: number | null;
  /** The end of its last run, and what went wrong in it; of a failed one. */
  readonly failedAt: number | null;
  readonly error: string | null;
}

/** More tasks than a server may list, and longer texts than it sends, are left out. */
const MOST_TASKS = 300;
const NAME = 60;
const ERROR = 400;
/** As the server reads it: what is no id here is none there. */
const ID = /^[\w-]{1,64}$/;

const STATES: readonly string[] = ['failed', 'waiting', 'delayed'] satisfies ListedTask['state'][];

/** Whether a text may be the id of a task. */
export function isTaskId(text: string): boolean {
  return ID.test(text);
}

/** As much of an id as tells tasks apart. */
export function shortId(id: string): string {
  return sanitizeShort(id, 12);
}

/** What a server listed of a queue. */
export interface TaskList {
  readonly tasks: readonly ListedTask[];
  /** Whether there are, or may be, more of them than it lists. */
  readonly isPart: boolean;
}

/** Reads the answer to `spooler-tasks`: a sentence, and a task in each further line. */
export function readTasks(answer: string): TaskList {
  const [head = '', ...lines] = answer.split('\n', MOST_TASKS + 1);
  const tasks = lines.map(readTask).filter((task) => task !== null);
  return { tasks, isPart: head.endsWith('and maybe more') || tasks.length < lines.length };
}

/** Null: the line is no task, as one that was cut in the middle. */
function readTask(line: string): ListedTask | null {
  const fields = parsed(line);
  const { id, name, state } = fields;
  if (typeof id !== 'string' || !isTaskId(id) || !isState(state)) return null;
  return {
    id,
    name: typeof name === 'string' ? sanitizeShort(name, NAME) : '–',
    state,
    attempts: number(fields['attempts']),
    priority: number(fields['priority']),
    due: number(fields['due']),
    failedAt: number(fields['failed_at']),
    error: typeof fields['error'] === 'string' ? sanitizeShort(fields['error'], ERROR) : null,
  };
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isState(value: unknown): value is ListedTask['state'] {
  return typeof value === 'string' && STATES.includes(value);
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
