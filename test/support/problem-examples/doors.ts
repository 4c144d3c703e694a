import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileProblems } from '../../../server/master/file-problems.js';
import { openReading } from '../../../server/options/reading.js';
import { readInvocation } from '../../../server/options/read.js';
import { planOwnership } from '../../../server/ownership/plan.js';
import type { Problem } from '../../../shared/problem.js';
import { machineWorld } from '../../../server/options/ini/machine.js';
import type { IniWorld } from '../../../server/options/ini/world.js';

/** What a user does wrong, and what the answer must name. */
export interface Example {
  /** All problems that are told; the folder is empty before and removed afterwards. */
  readonly told: (folder: string) => readonly Problem[];
  /** The thing and the value that the sentence names. */
  readonly names: readonly [thing: string, value: string];
}

type Environment = Readonly<Record<string, string>>;

/** The words of a command line. */
export function line(argv: readonly string[], ...names: Example['names']): Example {
  return { told: (folder) => refusedIn(folder, argv, {}), names };
}

/** One option with a value, beside an application. */
export function value(name: string, text: string): Example {
  return line(['-m', 'a.js', `--${name}=${text}`], `--${name}`, text);
}

/** A file, by its name, of which a line is told. */
export function file(name: string, text: string, ...names: Example['names']): Example {
  return files({ [name]: text }, name, ...names);
}

/** Several files, of which one is read. */
export function files(
  all: Readonly<Record<string, string>>,
  first: string,
  ...names: Example['names']
): Example {
  const told = (folder: string): readonly Problem[] => {
    writeFiles(folder, all);
    return refusedIn(folder, [first], {});
  };
  return { told, names };
}

/** Keys of an ini file, the first of which is in its second line. */
export function keys(lines: string, ...names: Example['names']): Example {
  return file('a.ini', `[tsuwsgi]\n${lines}\n`, ...names);
}

/** Variables of the environment. */
export function variables(env: Environment, ...names: Example['names']): Example {
  return { told: (folder) => refusedIn(folder, ['-m', 'a.js'], env), names };
}

/** Options that are sound and that this machine has something against: its accounts are root's only. */
export function here(
  argv: readonly string[],
  names: Example['names'],
  self = { uid: 0, gid: 0 },
): Example {
  const told = (folder: string): readonly Problem[] => {
    writeFiles(folder, { 'a.js': '' });
    const inFolder = argv.map((word) => word.replace('FOLDER', folder));
    const invocation = readInvocation(inFolder, folder, {});
    if (invocation.kind !== 'serve') throw new Error(JSON.stringify(invocation));
    const { options } = invocation;
    const plan = planOwnership(options, { users: [], groups: [] }, self);
    return [...(plan.ok ? [] : plan.error), ...fileProblems(options, folder)];
  };
  return { told, names };
}

/** A file that is another one when it is read again for a reload. */
export function reread(change: (file: string) => void, ...names: Example['names']): Example {
  const told = (folder: string): readonly Problem[] => {
    writeFiles(folder, { 'a.ini': '[tsuwsgi]\nmodule = a.js\n' });
    const reading = openReading(['a.ini'], folder, {});
    change(path.join(folder, 'a.ini'));
    const again = reading.again();
    return again.ok ? [] : again.error;
  };
  return { told, names };
}

/** A file that cannot be read for a reason of the system. */
export function world(
  argv: readonly string[],
  change: Partial<IniWorld>,
  ...names: Example['names']
): Example {
  const told = (folder: string): readonly Problem[] =>
    problemsOf(readInvocation(argv, folder, {}, { ...machineWorld(folder), ...change }));
  return { told, names };
}

function refusedIn(folder: string, argv: readonly string[], env: Environment): readonly Problem[] {
  return problemsOf(readInvocation(argv, folder, env));
}

function problemsOf(invocation: ReturnType<typeof readInvocation>): readonly Problem[] {
  return invocation.kind === 'refuse' ? invocation.problems : [];
}

function writeFiles(folder: string, all: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}
