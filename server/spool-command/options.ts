import type { Program } from '../../shared/command-line.js';
import type { OptionRow } from '../../shared/options.js';
import { VERSION } from '../../shared/version.js';

const DO = 'What to do, instead of putting a task in';
const TASK = 'How the task is run';
const WHICH = 'Which tasks';
const QUEUE = 'The queue';

/** What a spool command does; without a word about it, it puts a task in. */
export const ACTIONS = ['list', 'show', 'retry', 'drop', 'pause', 'resume', 'counts'] as const;

export type Action = (typeof ACTIONS)[number] | 'put';

/** Every option of `tsuwsgi spool`, once: `--help`, the manual and the README come from here. */
export const SPOOL_OPTIONS = [
  {
    name: 'list',
    type: 'flag',
    topic: DO,
    help: 'list the tasks in DIR: those that run, wait, are for later, and failed',
  },
  {
    name: 'show',
    type: 'flag',
    topic: DO,
    help: 'show all that is known of the task ID in DIR, with what went wrong in its runs',
  },
  {
    name: 'retry',
    type: 'flag',
    topic: DO,
    help: 'offer the tasks ID... in DIR at once, with all their retries: those that failed, or are for later',
  },
  {
    name: 'drop',
    type: 'flag',
    topic: DO,
    help: 'remove the tasks ID... from DIR for good; one that runs is left alone',
  },
  {
    name: 'pause',
    type: 'flag',
    topic: DO,
    help: 'let no spooler take a task from DIR until it is resumed; what runs goes on',
  },
  { name: 'resume', type: 'flag', topic: DO, help: 'let spoolers take tasks from DIR again' },
  { name: 'counts', type: 'flag', topic: DO, help: 'tell how many tasks of each state are in DIR' },
  {
    name: 'delay',
    type: 'number',
    value: 'S',
    unit: 's',
    max: 1e10,
    topic: TASK,
    help: 'not before so much time has passed',
  },
  {
    name: 'at',
    type: 'text',
    value: 'TIME',
    topic: TASK,
    help: 'not before this time: 2026-12-24T18:00 (here), 2026-12-24T18:00Z, or seconds since 1970',
    check: (value: string) =>
      timeOf(value) === null
        ? `"${value}" is no time: write 2026-12-24T18:00, or seconds since 1970`
        : null,
  },
  {
    name: 'priority',
    type: 'integer',
    value: 'N',
    default: 5,
    min: 0,
    max: 9,
    topic: TASK,
    help: 'from 0, which runs first, to 9',
  },
  {
    name: 'retries',
    type: 'integer',
    value: 'N',
    default: 3,
    max: 999_998,
    topic: TASK,
    help: 'how often it is run again after a failure',
  },
  {
    name: 'backoff',
    type: 'number',
    value: 'S',
    unit: 's',
    default: 1,
    max: 1e9,
    topic: TASK,
    help: 'how long it waits before the first retry, doubled for each further one',
  },
  {
    name: 'timeout',
    type: 'number',
    value: 'S',
    unit: 's',
    max: 1e9,
    topic: TASK,
    help: 'how long a run may take; without it as long as it likes',
  },
  {
    name: 'key',
    type: 'text',
    value: 'KEY',
    topic: TASK,
    help: 'put nothing in while a task with this key waits or runs; its id is printed',
  },
  {
    name: 'body',
    type: 'text',
    value: 'FILE',
    topic: TASK,
    help: 'bytes beside the payload, at most 64 MiB; - for standard input',
  },
  {
    name: 'state',
    type: 'text',
    value: 'STATE',
    choices: ['running', 'waiting', 'delayed', 'failed'],
    topic: WHICH,
    help: 'only tasks of this state: running, waiting, delayed or failed',
  },
  {
    name: 'most',
    type: 'integer',
    value: 'N',
    default: 20,
    min: 1,
    max: 1_000_000,
    topic: WHICH,
    help: 'list so many of each state at most, those first that come next, of the failed ones the latest',
  },
  {
    name: 'all',
    type: 'flag',
    topic: WHICH,
    help: 'retry or drop all that failed, or all of --state, instead of naming ids; dropping is asked about',
  },
  { name: 'yes', aliases: ['y'], type: 'flag', topic: WHICH, help: 'do not ask' },
  {
    name: 'json',
    type: 'flag',
    topic: WHICH,
    help: 'print what is listed, shown or counted as JSON',
  },
  {
    name: 'password-file',
    type: 'text',
    value: 'FILE',
    topic: QUEUE,
    help: 'the first line of this file is the password of the Redis of DIR; without it that is TSUWSGI_REDIS_PASSWORD',
  },
] as const satisfies readonly OptionRow[];

/** With which actions an option goes; `all`: with all of them. */
export const GOES_WITH: Readonly<Record<string, readonly Action[]>> = {
  ...Object.fromEntries(
    SPOOL_OPTIONS.filter(({ topic }) => topic === TASK).map(({ name }) => [name, ['put'] as const]),
  ),
  state: ['list', 'retry', 'drop'],
  most: ['list'],
  all: ['retry', 'drop'],
  yes: ['drop'],
  json: ['list', 'show', 'counts'],
};

/** Why the command ends, as the shell sees it: README and manual are made from this table. */
export const SPOOL_EXIT_CODES = [
  { name: 'done', code: 0, when: 'it was done; a task with the same --key counts' },
  {
    name: 'refused',
    code: 1,
    when: 'the queue refused it or cannot be reached, or there is no such task, or it runs',
  },
  { name: 'usage', code: 2, when: 'the command line is wrong; nothing was done' },
] as const;

/** What its help and the manual have in common. */
export const SPOOL_PROGRAM: Program = {
  name: 'tsuwsgi spool',
  version: VERSION,
  description: 'Puts a task into the queue of a --spooler, looks into it, and sets it right.',
  usage: `DIR NAME [JSON] [options]
       tsuwsgi spool --list|--counts|--pause|--resume DIR [options]
       tsuwsgi spool --show DIR ID
       tsuwsgi spool --retry|--drop DIR ID...|--all`,
  table: SPOOL_OPTIONS,
  epilogue: `DIR is the folder of the queue, or the URL of one in a Redis: redis://host:port/db#queue.
JSON is the payload, null without it; - reads it from standard input.
The id of the task is printed once the task is durable.

  tsuwsgi spool /var/spool/cats resize '{"file":"cat.png"}' --retries 5
  tsuwsgi spool --list /var/spool/cats --state failed
  tsuwsgi spool --retry /var/spool/cats --all
  tsuwsgi spool --counts redis://queue.example/0#cats --password-file /etc/cats.pw

Exit status:
${SPOOL_EXIT_CODES.map(({ code, when }) => `  ${code}  ${when}`).join('\n')}`,
};

/** A time in milliseconds since 1970; null when the text is none. */
export function timeOf(text: string): number | null {
  if (/^\d{1,11}$/.test(text)) return Number(text) * 1000;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  return time >= 0 ? time : null;
}
