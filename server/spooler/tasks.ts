import type { Readable } from 'node:stream';
import { taskNameProblem } from './task-name.js';

/** What a run of a task knows of itself. */
export interface TaskContext {
  readonly id: string;
  readonly name: string;
  /** Which run this is, from 1. */
  readonly attempt: number;
  /** How often it is run again after a failure. */
  readonly retries: number;
  /** Aborted when the timeout of the task is over: the run has failed then, and should end soon. */
  readonly signal: AbortSignal;
  /** When it was spooled, in milliseconds since 1970. */
  readonly spooledAt: number;
  /** The bytes beside the payload, from the beginning with each call; null: it has none. */
  readonly body: (() => Readable) | null;
  /** Says how far it is, from 0 to 1; shown in the stats. */
  progress(share: number): void;
}

/** What a task does; it has failed when it throws or rejects. */
export type TaskFunction<Payload = unknown> = (payload: Payload, context: TaskContext) => unknown;

/**
 * All copies of this package in a process share the tasks: the module with them may have another
 * one than the spooler that loads it.
 */
const KEY = Symbol.for('tsuwsgi.tasks');

/** The tasks of this process, by name. */
export function tasksOfProcess(): Map<string, TaskFunction> {
  const known: unknown = Reflect.get(globalThis, KEY);
  if (known instanceof Map) return known as Map<string, TaskFunction>;
  const made = new Map<string, TaskFunction>();
  Reflect.set(globalThis, KEY, made);
  return made;
}

/**
 * Says what a spooler does for a task of this name. Called in the module of `--spooler-import`; in
 * any other process it changes nothing.
 */
export function task<Payload = unknown>(name: string, run: TaskFunction<Payload>): void {
  const problem = taskNameProblem(name);
  if (problem !== null) throw new TypeError(`task(): ${problem}`);
  if (typeof run !== 'function') {
    throw new TypeError(`task("${name}"): what it runs is a ${typeof run}: give a function`);
  }
  const tasks = tasksOfProcess();
  if (tasks.has(name)) {
    throw new TypeError(`task("${name}"): there is a task of this name already: choose another`);
  }
  // Payloads come from a queue: of what shape they are, only the application knows.
  tasks.set(name, run as TaskFunction);
}
