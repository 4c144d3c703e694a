import type { FileFacts } from './files.js';
import type { TaskHead } from './task-file.js';
import type { TaskName } from './task-name.js';

/** A task that this queue has claimed and not settled. */
export interface Held {
  readonly path: string;
  readonly name: TaskName;
  readonly head: TaskHead;
  readonly facts: FileFacts;
}
