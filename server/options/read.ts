import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readCommandLine } from '../../shared/command-line.js';
import { completions, shellOf } from '../../shared/completions.js';
import { readOptions, type Setting } from '../../shared/options.js';
import { problemOf, type Result } from '../../shared/result.js';
import { type InstanceRequest, instanceRequest, isAction } from '../instance-command/request.js';
import { visible } from '../request-log/escape.js';
import { disagreements } from './agreement.js';
import { dumpOptions } from './dump-options.js';
import { isFileOperand, namedByItself } from './ini/formats.js';
import { machineWorld } from './ini/machine.js';
import type { IniWorld } from './ini/world.js';
import { PROGRAM } from './program.js';
import { idleNote, isRoutersOnly } from './routers-only.js';
import { withoutPasswords } from './secrets.js';
import { showConfig } from './show-config.js';
import { fromFiles, gather, type Sources } from './sources.js';
import { isSpoolersOnly, spoolersOnlyNotes } from './spoolers-only.js';
import { type Options, OPTIONS } from './table.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

/** What the command line comes down to. */
export type Invocation =
  | {
      /** `check`: tell whether it could be served. */
      readonly kind: 'serve' | 'check';
      readonly options: Options;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'print'; readonly text: string }
  /** An order to an instance that runs. */
  | { readonly kind: 'order'; readonly request: InstanceRequest; readonly timeoutMs: number }
  | {
      readonly kind: 'refuse';
      readonly problems: readonly Problem[];
      /** Whether it was about an order, whose exit codes are others. */
      readonly isOrder: boolean;
    };

/** The file that is read when no application is named. */
const DEFAULT_INI = 'tsuwsgi.ini';

/** Reads the command line, the environment, the files they name, and what stands in for them in `cwd`. */
export function readInvocation(
  argv: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
  machine: IniWorld = machineWorld(cwd),
): Invocation {
  const line = readCommandLine(PROGRAM, argv);
  if (line.kind === 'print') return line;
  if (line.kind === 'error') return refuse([line.message], argv.some(isOrder));
  const printed = printedOf(line.settings);
  if (printed !== null) return printed;
  const request = instanceRequest(line.settings, line.operands);
  if (request !== null) return order(request, line.settings);
  const stray = strayOperand(line.operands);
  if (stray !== null) return refuse([stray]);
  const world = { ...machine, env };
  const sources = gather(line, world);
  const read = readOptions(OPTIONS, sources.settings);
  const problems = [...sources.problems, ...(problemOf(read) ?? [])];
  if (!read.ok || problems.length > 0) return refuse(problems.map(legible));
  if (isWhole(read.value)) return complete(read.value, sources, { world, cwd });
  return fallBack(sources, { world, cwd });
}

/** What is printed instead of starting anything; null for nothing. */
function printedOf(settings: readonly Setting[]): Invocation | null {
  const asked = settings.findLast(({ name }) => name === 'completions');
  const shell = shellOf(asked?.value);
  if (shell !== undefined) return { kind: 'print', text: completions(PROGRAM, shell) };
  if (settings.some(({ name }) => name === 'dump-options')) {
    return { kind: 'print', text: dumpOptions(OPTIONS) };
  }
  return null;
}

/** Whether it is said what is to run. */
function isWhole(options: Options): boolean {
  return options.module !== undefined || isRoutersOnly(options) || isSpoolersOnly(options);
}

function refuse(problems: readonly Problem[], isOrder = false): Invocation {
  return { kind: 'refuse', problems: problems.map(withoutPasswords), isOrder };
}

/** What came of a file may hold anything, and is written to a terminal. */
function legible(problem: Problem): Problem {
  return visible(problem) as Problem;
}

function isOrder(word: string): boolean {
  return word.startsWith('--') && isAction(word.slice(2));
}

function order(
  request: Result<InstanceRequest, Problem>,
  settings: readonly Setting[],
): Invocation {
  const read = readOptions(OPTIONS, settings);
  if (!read.ok) return refuse(read.error, true);
  if (!request.ok) return refuse([request.error], true);
  return { kind: 'order', request: request.value, timeoutMs: read.value.timeout * 1000 };
}

/** Why a word without an option cannot be used; null when each is a file. */
function strayOperand(operands: readonly string[]): Problem | null {
  const stray = operands.find((operand) => !isFileOperand(operand));
  if (stray === undefined) return null;
  return TOGETHER_PROBLEMS.strayWord(stray);
}

/** No application was named: `tsuwsgi.ini` here, else the package's `main` on 127.0.0.1:8000. */
function fallBack({ settings, notes }: Sources, around: Surroundings): Invocation {
  const { world, cwd } = around;
  if (existsSync(path.join(cwd, DEFAULT_INI)) && !settings.some(isFromDefault)) {
    const file = fromFiles([namedByItself(DEFAULT_INI)], world, settings);
    const all = [...file.settings, ...settings];
    const read = readOptions(OPTIONS, all);
    const problems = [...file.problems, ...(problemOf(read) ?? [])];
    if (!read.ok || problems.length > 0) return refuse(problems.map(legible));
    if (isWhole(read.value)) {
      const told = [...notes, `no --module: reading ${DEFAULT_INI}`, ...file.notes];
      return complete(read.value, { settings: all, notes: told }, around);
    }
  }
  const main = packageMain(cwd);
  if (main === undefined) return refuse([TOGETHER_PROBLEMS.nothingToRun()]);
  const module: Setting = { name: 'module', value: main, origin: 'package.json: main' };
  const read = readOptions(OPTIONS, [module, ...settings]);
  if (!read.ok) return refuse(read.error);
  const note = `no --module: running ${main}, the "main" of package.json`;
  const told = { settings: [module, ...settings], notes: [...notes, note] };
  return complete(read.value, told, around);
}

function isFromDefault(setting: Setting): boolean {
  return setting.origin.startsWith(`${DEFAULT_INI}:`);
}

function packageMain(cwd: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null) return undefined;
    const main: unknown = Reflect.get(manifest, 'main');
    return typeof main === 'string' && main !== '' ? main : undefined;
  } catch {
    return undefined;
  }
}

const DEFAULT_SOCKET = '127.0.0.1:8000';

const USUAL_SOCKET: Setting = {
  name: 'http-socket',
  value: DEFAULT_SOCKET,
  origin: 'default, since no address is given',
};

interface Surroundings {
  readonly world: IniWorld;
  readonly cwd: string;
}

type Written = Pick<Sources, 'settings' | 'notes'>;

/** What is to be done with options that are whole. */
function complete(
  options: Options,
  { settings, notes }: Written,
  { world, cwd }: Surroundings,
): Invocation {
  const problems = disagreements(options);
  if (problems.length > 0) return refuse(problems);
  const finish = (whole: Options, told: readonly string[]): Invocation => {
    const kind = options['check-config'] ? 'check' : 'serve';
    if (!options['show-config']) return { kind, options: whole, notes: [...notes, ...told] };
    const usual = whole['http-socket'] === options['http-socket'] ? [] : [USUAL_SOCKET];
    const text = showConfig(OPTIONS, [...usual, ...settings], cwd, world.env);
    return { kind: 'print', text };
  };
  const own = withoutWorkers(options);
  if (own !== null) return finish({ ...options, processes: 0 }, own);
  const addresses = [
    ...options.http,
    ...options.https,
    ...options['http-socket'],
    ...options.socket,
  ];
  if (addresses.length > 0) return finish(options, []);
  const note = `no --http and no --http-socket: serving on ${DEFAULT_SOCKET}`;
  return finish({ ...options, 'http-socket': [DEFAULT_SOCKET] }, [note]);
}

/** What is to be said of it that there are no workers; null: there are some. */
function withoutWorkers(options: Options): readonly string[] | null {
  if (isSpoolersOnly(options)) return spoolersOnlyNotes(options);
  if (!isRoutersOnly(options)) return null;
  const idle = idleNote(options);
  return idle === null ? [] : [idle];
}
