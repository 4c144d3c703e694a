import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import type { IniWorld } from './world.js';
import type { Problem } from '../../../shared/problem.js';
import { FILE_PROBLEMS } from '../problems/files.js';

/** A `for` or an `if`, from its line to the one that ends it. */
export interface Block {
  readonly directive: string;
  readonly argument: string;
  readonly at: string;
}

/**
 * How often a line of a block counts: once for each item, which `%(_)` stands for; null leaves it.
 * What goes wrong is the end of a sentence.
 */
export type Turns = Result<readonly (string | null)[], Problem>;

interface Asked {
  readonly argument: string;
  readonly world: IniWorld;
  /** The value of a key so far. */
  readonly look: (name: string) => string | undefined;
}

/** What is found out about a value: undefined if it is not there. */
type Finding = (asked: Asked) => string | null | undefined;

const CONDITIONS: Readonly<Record<string, Finding>> = {
  env: ({ argument, world }) => compared(argument, (name) => world.env[name]),
  opt: ({ argument, look }) => compared(argument, look),
  exists: ({ argument, world }) => holds(world.isReadable(argument), argument),
  file: ({ argument, world }) => holds(world.isFile(argument), argument),
  dir: ({ argument, world }) => holds(world.isFolder(argument), argument),
  hostname: ({ argument, world }) => holds(world.hostname === argument, argument),
  'hostname-match': ({ argument, world }) =>
    holds(new RegExp(argument, 'u').test(world.hostname), argument),
  plugin: () => undefined,
  reload: ({ world }) => (world.isReload ? null : undefined),
};

/** Other names that uWSGI has for conditions. */
const ALIASES: Readonly<Record<string, string>> = {
  ifenv: 'if-env',
  ifexists: 'if-exists',
  ifdir: 'if-dir',
  'if-directory': 'if-dir',
  ifplugin: 'if-plugin',
};

/** No sensible configuration has so many lines; `for-times` could make any number. */
export const MOST_TURNS = 10_000;

const LOOPS: Readonly<Record<string, (asked: Asked) => Turns>> = {
  for: ({ argument }) => ok(argument.split(' ').filter((item) => item !== '')),
  'for-glob': ({ argument, world }) => ok(world.glob(argument)),
  'for-times': ({ argument }) => times(argument),
  'for-readline': ({ argument, world }) => linesOf(argument, world.read(argument)),
};

/** Whether a key begins a block. */
export function beginsBlock(key: string): boolean {
  return Object.hasOwn(LOOPS, key) || conditionOf(key) !== null;
}

/** The keys that end a block. */
export const BLOCK_ENDS: ReadonlySet<string> = new Set([
  'end',
  'endif',
  'end-if',
  'endfor',
  'end-for',
]);

/** The turns of a line of a block. */
export function turnsOf(block: Block, world: IniWorld, look: Asked['look']): Turns {
  const asked = { argument: block.argument, world, look };
  const loop = LOOPS[block.directive];
  if (loop !== undefined) return loop(asked);
  const condition = conditionOf(block.directive);
  if (condition === null) return ok([]);
  try {
    return ok(conditionTurns(condition, asked));
  } catch (error) {
    return err(FILE_PROBLEMS.conditionUnread(block.argument, messageOf(error)));
  }
}

function conditionTurns({ name, not }: Condition, asked: Asked): readonly (string | null)[] {
  const finding = CONDITIONS[name]?.(asked);
  if (!not) return finding === undefined ? [] : [finding];
  if (finding !== undefined) return [];
  if (name === 'reload') return [null];
  if (name !== 'env' && name !== 'opt') return [asked.argument];
  // With `name=value` there may be another value, which is then the item.
  const [variable = ''] = asked.argument.split('=', 1);
  return [(name === 'env' ? asked.world.env[variable] : asked.look(variable)) ?? null];
}

interface Condition {
  readonly name: string;
  readonly not: boolean;
}

function conditionOf(key: string): Condition | null {
  const [, not, name = ''] = /^if-(not-)?(.+)$/.exec(ALIASES[key] ?? key) ?? [];
  return Object.hasOwn(CONDITIONS, name) ? { name, not: not !== undefined } : null;
}

/** `NAME` asks whether it is there, `NAME=VALUE` whether it has that value. */
function compared(
  argument: string,
  look: (name: string) => string | undefined,
): string | undefined {
  const equals = argument.indexOf('=');
  if (equals < 0) return look(argument);
  const value = look(argument.slice(0, equals));
  return value === argument.slice(equals + 1) ? value : undefined;
}

function holds(is: boolean, item: string): string | undefined {
  return is ? item : undefined;
}

function times(argument: string): Turns {
  const count = /^\d+$/.test(argument) ? Number(argument) : NaN;
  if (Number.isNaN(count)) return err(FILE_PROBLEMS.loopNoNumber(argument));
  if (count > MOST_TURNS) return err(FILE_PROBLEMS.loopTooLong(argument, MOST_TURNS));
  return ok(Array.from({ length: count }, (_, index) => String(index + 1)));
}

function linesOf(file: string, read: Result<string, string>): Turns {
  if (!read.ok) return err(FILE_PROBLEMS.loopUnreadable(file, read.error));
  return ok(read.value.replace(/\n$/, '').split('\n'));
}
