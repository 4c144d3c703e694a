import { MAX_NAME } from '../wire/spooler-frames.js';

/** Why something cannot be the name of a task, as a sentence; null when it can. */
export function taskNameProblem(name: unknown): string | null {
  if (typeof name !== 'string') return `the name of a task is a text, not ${typeof name}`;
  if (name === '') return 'the name of the task is empty';
  if (name.length > MAX_NAME) {
    return `the name of a task has at most ${MAX_NAME} characters, this one has ${name.length}`;
  }
  return /\p{Cc}/u.test(name)
    ? `the name ${JSON.stringify(name)} has control characters: leave them out`
    : null;
}
