import { findOption, type OptionRow } from '../../../shared/options.js';
import { type Block, BLOCK_ENDS, beginsBlock, MOST_TURNS, turnsOf } from './blocks.js';
import { type IniLine, readLines } from './lines.js';
import { magicOf, type Place } from './magic.js';
import type { IniWorld } from './world.js';

/** A key of a file, after blocks and inclusions, before references are expanded. */
export interface IniKey {
  readonly name: string;
  readonly value: string;
  /** `file:line`, for messages. */
  readonly at: string;
  /** The file that it stands in, as it was given. */
  readonly file: string;
  /**
   * `directive`: done with when it was read; `placeholder`: only there for others to refer to; uWSGI
   * expands nothing in the values of both.
   */
  readonly role: 'key' | 'directive' | 'placeholder';
}

/** What came together on the way through the files. */
export interface Collected {
  readonly keys: readonly IniKey[];
  /** Names that some value refers to, in blocks that do not count too. */
  readonly mentioned: ReadonlySet<string>;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** Reads files in order, `FILE` or `FILE:SECTION`, with what they include where they include it. */
export function collectKeys(
  files: readonly string[],
  world: IniWorld,
  table: readonly OptionRow[],
): Collected {
  const walk = new Walk(world, table);
  for (const file of files) walk.enter(file, null);
  walk.end();
  return walk;
}

const SECTIONS = ['uwsgi', 'tsuwsgi'];
const MOST_DEEP = 20;

/** uWSGI's `:SECTION` means the file that was read last. */
interface Wanted {
  readonly file: string;
  readonly section: string | null;
}

function wantedOf(given: string, last: string): Wanted {
  const colon = given.lastIndexOf(':');
  if (colon < 0) return { file: given, section: null };
  const section = given.slice(colon + 1);
  return { file: given.slice(0, colon) || last, section: section === '' ? null : section };
}

class Walk implements Collected {
  readonly keys: IniKey[] = [];
  readonly mentioned = new Set<string>();
  readonly notes: string[] = [];
  readonly problems: string[] = [];
  private readonly world: IniWorld;
  private readonly table: readonly OptionRow[];
  private block: Block | null = null;
  private first: Place | null = null;
  private last = '';
  private depth = 0;
  /** A line of a block is under way: what it includes belongs to no block. */
  private isTurning = false;

  constructor(world: IniWorld, table: readonly OptionRow[]) {
    this.world = world;
    this.table = table;
  }

  /** A block that nothing ends would swallow what follows. */
  end(): void {
    if (this.block === null) return;
    const { at, directive } = this.block;
    this.problems.push(`${at}: ${directive} has no end: write ${endOf(directive)} below its lines`);
  }

  /** Reads a file; `from` is where it was named, null for the command line. */
  enter(given: string, from: string | null): void {
    const { file, section } = wantedOf(given, this.last);
    const prefix = from === null ? '' : `${from}: `;
    if (++this.depth > MOST_DEEP) {
      this.problems.push(`${prefix}${file} is included inside itself, or too deep`);
    } else {
      const problem = this.readFile(file, section);
      if (problem !== null) this.problems.push(`${prefix}${problem}`);
    }
    this.depth--;
  }

  private readFile(file: string, section: string | null): string | null {
    const place = this.world.locate(file);
    const text = place.ok ? this.world.read(file) : place;
    if (!place.ok || !text.ok) return `cannot read ${file}: ${text.ok ? '' : text.error}`;
    const here = { ...place.value, given: file, section: section ?? '' };
    this.first ??= here;
    this.last = file;
    const read = readLines(text.value, file, magicOf(here, this.first, this.world.magic));
    const sections = section === null ? SECTIONS : [section];
    const stray = read.lines.filter((line) => line.section === '');
    this.problems.push(...stray.map(({ at, problem }) => `${at}: ${String(problem)}`));
    const lines = read.lines.filter((line) => sections.includes(line.section));
    for (const line of lines) this.readLine(line, file);
    if (sections.some((name) => read.sections.has(name))) return null;
    const missing = section === null ? '[tsuwsgi] or [uwsgi]' : `[${section}]`;
    return `${file}: there is no section ${missing}`;
  }

  private readLine(line: IniLine, file: string): void {
    const { at, key, value, problem, unknown } = line;
    for (const letter of unknown) {
      this.notes.push(`${at}: ${letter} stands for nothing: write %% for a percent sign`);
    }
    if (problem !== null) {
      this.problems.push(`${at}: ${problem}`);
      return;
    }
    this.mention(value);
    const own: IniKey = { name: key, value, at, file, role: 'key' };
    if (BLOCK_ENDS.has(key) && !this.isTurning) this.block = null;
    if (this.block === null || this.isTurning) this.put(own);
    else this.putTurns(this.block, own);
  }

  private mention(value: string): void {
    for (const [, names = ''] of value.matchAll(/%\(([^()]*)\)/g)) {
      for (const name of names.split(' ')) this.mentioned.add(name);
    }
  }

  private putTurns(block: Block, key: IniKey): void {
    const turns = turnsOf(block, this.world, (name) => this.look(name));
    if (!turns.ok) {
      this.problems.push(`${block.at}: ${block.directive}: ${turns.error}`);
      return;
    }
    this.isTurning = true;
    for (const item of turns.value) {
      const value = item === null ? key.value : key.value.replaceAll('%(_)', () => item);
      this.put({ ...key, value });
    }
    this.isTurning = false;
  }

  private look(name: string): string | undefined {
    this.mentioned.add(name);
    return this.keys.find((key) => key.name === name)?.value;
  }

  private put(key: IniKey): void {
    if (this.keys.length > MOST_TURNS) return;
    if (this.keys.length === MOST_TURNS) {
      this.problems.push(`${key.at}: there are more than ${MOST_TURNS} keys`);
    }
    const { name, value, at } = key;
    if (beginsBlock(name)) {
      this.keys.push({ ...key, role: 'directive' });
      if (this.isTurning)
        this.problems.push(`${at}: ${name} cannot stand inside a block: uWSGI has no nesting`);
      else this.block = { directive: name, argument: value, at };
    } else if (BLOCK_ENDS.has(name)) this.keys.push({ ...key, role: 'directive' });
    else if (name === 'ini' || name === 'include') {
      this.keys.push({ ...key, role: 'directive' });
      this.include(value, at);
    } else if (name === 'set' || name === 'set-ph' || name === 'set-placeholder') {
      this.keys.push({ ...key, role: 'directive' });
      this.set(key);
    } else this.keys.push(key);
  }

  private include(value: string, at: string): void {
    const scheme = /^[a-z]+:\/\//.exec(value)?.[0];
    if (value === '') this.problems.push(`${at}: the name of a file is missing`);
    else if (scheme !== undefined)
      this.problems.push(`${at}: ${scheme} is not supported: name a file`);
    else if (/[%$@]\(/.test(value)) {
      this.problems.push(
        `${at}: "${value}" is read before references are expanded, as in uWSGI: write the name out, or use %d and the like`,
      );
    } else this.enter(value, at);
  }

  private set(key: IniKey): void {
    const { name, value, at } = key;
    const equals = value.indexOf('=');
    const target = value.slice(0, Math.max(0, equals)).trim();
    if (target === '') this.problems.push(`${at}: "${value}" is not NAME=VALUE`);
    else if (name === 'set') this.put({ ...key, name: target, value: value.slice(equals + 1) });
    else if (findOption(this.table, target) !== undefined && target.length > 1) {
      this.problems.push(`${at}: ${target} is an option already: choose another name`);
    } else {
      this.mentioned.add(target);
      const placed = value.slice(equals + 1);
      this.keys.push({ ...key, name: target, value: placed, role: 'placeholder' });
    }
  }
}

function endOf(directive: string): string {
  return directive.startsWith('for') ? 'endfor' : 'endif';
}
