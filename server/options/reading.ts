import path from 'node:path';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { isSuccessor, machineWorld } from './ini/machine.js';
import { STANDARD_INPUT, standardInput } from './ini/standard-input.js';
import type { IniWorld } from './ini/world.js';
import { type Invocation, readInvocation } from './read.js';
import type { Options } from './table.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';
import { FILE_PROBLEMS } from './problems/files.js';

/** A configuration that an instance can be served with. */
export interface ReadConfiguration {
  readonly options: Options;
  /** The files that it was read from, absolute. */
  readonly files: readonly string[];
  /** What is to be said of it that was not said before. */
  readonly notes: readonly string[];
}

/** Reads the same command line again; each problem is a sentence. */
export type Reread = () => Result<ReadConfiguration, readonly Problem[]>;

/** What an instance was started from, and how that is read again at a reload. */
export interface ReadAgain {
  /** The files that were read, absolute. */
  readonly files: readonly string[];
  readonly again: Reread;
  /** The text that came by standard input; null where nobody asked for it. */
  readonly input: () => string | null;
}

/** What was read at the start. */
export interface Reading extends ReadAgain {
  readonly invocation: Invocation;
}

/**
 * Reads command line, environment and files. What is read again starts from the same words, folder
 * and environment, whatever became of those of this process meanwhile; times, users and what came by
 * standard input are those of the start. As in uWSGI, `if-reload` holds then.
 */
export function openReading(
  argv: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Reading {
  const env = { ...environment };
  const input = standardInput(isSuccessor());
  const machine = machineWorld(cwd, input);
  const first = noting(machine, cwd);
  const invocation = readInvocation(argv, cwd, env, first.world);
  const said = new Set(invocation.kind === 'serve' ? invocation.notes : []);
  return {
    invocation,
    files: first.files(),
    input: () => input.taken(),
    again() {
      const { world, files } = noting({ ...machine, isReload: true }, cwd);
      const read = tried(() => readInvocation(argv, cwd, env, world));
      if (!read.ok) return err([FILE_PROBLEMS.unparsable(read.error)]);
      if (read.value.kind === 'refuse') {
        return err(read.value.problems.map((problem) => withRemedy(problem, process.getuid?.())));
      }
      if (read.value.kind !== 'serve') return err([TOGETHER_PROBLEMS.rereadNotToServe()]);
      const { options } = read.value;
      const notes = read.value.notes.filter((note) => !said.has(note));
      for (const note of notes) said.add(note);
      return ok({ options, files: files(), notes });
    },
  };
}

/** What root could read at the start may be closed to the user that the master has become. */
export function withRemedy(problem: Problem, uid: number | undefined): Problem {
  if (!problem.includes('EACCES') || uid === undefined) return problem;
  return TOGETHER_PROBLEMS.rereadUnreadable(problem, uid);
}

/** A world that tells which files were read of it. */
function noting(
  world: IniWorld,
  cwd: string,
): { readonly world: IniWorld; readonly files: () => readonly string[] } {
  const read = new Set<string>();
  return {
    world: {
      ...world,
      read(file) {
        const text = world.read(file);
        if (text.ok) read.add(file === STANDARD_INPUT ? file : path.resolve(cwd, file));
        return text;
      },
    },
    files: () => [...read],
  };
}

/** A master must outlive whatever stands in a file. */
function tried<T>(act: () => T): Result<T, string> {
  try {
    return ok(act());
  } catch (error) {
    return err(messageOf(error));
  }
}
