import { fstatSync, readFileSync } from 'node:fs';
import { err, messageOf, ok, type Result } from '../../../shared/result.js';

/** The name of what is no file. */
export const STANDARD_INPUT = '-';

/** A configuration that comes by standard input. */
export interface StandardInput {
  /** Its text; why there is none, as a sentence. */
  read(): Result<string, string>;
  /** What was read of it; null where nobody asked. */
  taken(): string | null;
}

/**
 * Standard input can be read once only, and more than one of its sections may be asked for; a reload
 * has the same text. What this process starts again (an instance in the background, a new master) gets
 * it by a pipe or socket of its own as its standard input, since on a disk or in the environment
 * others could read what is in it. `isSuccessor`: nobody types for this process.
 */
export function standardInput(isSuccessor: boolean, fd = 0): StandardInput {
  let text: Result<string, string> | null = null;
  return {
    read: () => (text ??= isSuccessor && !isHandedOn(fd) ? err(NOT_HANDED_ON) : textOf(fd)),
    taken: () => (text?.ok === true ? text.value : null),
  };
}

const NOT_HANDED_ON =
  'nothing was read of standard input when the first master was started: name a file instead';

function textOf(fd: number): Result<string, string> {
  try {
    return ok(readFileSync(fd, 'utf8'));
  } catch (error) {
    return err(messageOf(error));
  }
}

/** Whether it is what `handOn` writes to, and not the /dev/null of a process that gets nothing. */
function isHandedOn(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isSocket() || stats.isFIFO();
  } catch {
    return false;
  }
}
