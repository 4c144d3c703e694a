import { findOption, type OptionRow } from '../../../shared/options.js';
import { type Block, BLOCK_ENDS, beginsBlock, MOST_TURNS, turnsOf } from './blocks.js';
import { type Format, namedByItself, namedByOption, type NamedFile } from './formats.js';
import type { IniLine } from './lines.js';
import { magicOf, type Place } from './magic.js';
import { readText } from './read-text.js';
import { pathOf } from './schemes.js';
import type { IniWorld } from './world.js';
import { type Problem, within } from '../../../shared/problem.js';
import { FILE_PROBLEMS } from '../problems/files.js';

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
  readonly problems: readonly Problem[];
}

/**
 * Reads files in order, `FILE` or `FILE:SECTION`, with what they include where they include it, and
 * what they inherit from behind all of them. `placed` are placeholders from elsewhere.
 */
export function collectKeys(
  files: readonly NamedFile[],
  world: IniWorld,
  table: readonly OptionRow[],
  placed: readonly IniKey[] = [],
): Collected {
  const walk = new Walk(world, table);
  walk.place(placed);
  for (const file of files) walk.enter(file, null);
  walk.end();
  return walk;
}

const SECTIONS = ['tsuwsgi', 'uwsgi'];
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
  readonly problems: Problem[] = [];
  private readonly world: IniWorld;
  private readonly table: readonly OptionRow[];
  private block: Block | null = null;
  /** Files that are read behind all others, and where they were named. */
  private readonly inherited: { readonly name: string; readonly at: string }[] = [];
  private first: Place | null = null;
  private last = '';
  private depth = 0;
  /** A line of a block is under way: what it includes belongs to no block. */
  private isTurning = false;

  constructor(world: IniWorld, table: readonly OptionRow[]) {
    this.world = world;
    this.table = table;
  }

  place(keys: readonly IniKey[]): void {
    this.keys.push(...keys);
    for (const { name } of keys) this.mentioned.add(name);
  }

  /** What is inherited from comes last, and may name more of it. */
  end(): void {
    this.endBlock();
    for (const { name, at } of this.inherited) {
      if (this.inherited.length > MOST_DEEP) {
        this.problems.push(within(at, FILE_PROBLEMS.inheritedFromItself(name)));
        return;
      }
      this.include(namedByItself(name), at, 'inherit');
      this.endBlock();
    }
  }

  /** A block that nothing ends would swallow what follows. */
  private endBlock(): void {
    if (this.block === null) return;
    const { at, directive } = this.block;
    this.problems.push(within(at, FILE_PROBLEMS.blockOpen(directive, endOf(directive))));
    this.block = null;
  }

  /** Reads a file; `from` is where it was named, null for the command line. */
  enter({ name, format }: NamedFile, from: string | null): void {
    const { file, section } = wantedOf(name, this.last);
    const prefixed = (problem: Problem): Problem =>
      from === null ? problem : within(from, problem);
    if (++this.depth > MOST_DEEP) {
      this.problems.push(prefixed(FILE_PROBLEMS.includedInItself(file)));
    } else {
      const problem = this.readFile(file, section, format);
      if (problem !== null) this.problems.push(prefixed(problem));
    }
    this.depth--;
  }

  private readFile(file: string, section: string | null, format: Format): Problem | null {
    const place = this.world.locate(file);
    const text = place.ok ? this.world.read(file) : place;
    if (!place.ok || !text.ok) return FILE_PROBLEMS.unreadable(file, text.ok ? '' : text.error);
    const here = { ...place.value, given: file, section: section ?? '' };
    this.first ??= here;
    this.last = file;
    const magic = magicOf(here, this.first, this.world.magic);
    const read = readText(text.value, file, format, magic);
    const sections = section === null ? SECTIONS : [section];
    const stray = read.lines.filter((line) => line.section === '');
    this.problems.push(
      ...stray.flatMap(({ at, problem }) => (problem === null ? [] : [within(at, problem)])),
    );
    const lines = read.lines.filter((line) => sections.includes(line.section));
    for (const line of lines) this.readLine(line, file);
    const isThere = sections.some((name) => read.sections.has(name));
    // A text that could not be read has its own problem already.
    if (isThere || (format !== 'ini' && stray.length > 0)) return null;
    return FILE_PROBLEMS.noSection(file, sections.map((name) => `[${name}]`).join(' or '));
  }

  private readLine(line: IniLine, file: string): void {
    const { at, key, value, problem, unknown } = line;
    for (const letter of unknown) {
      this.notes.push(`${at}: ${letter} stands for nothing: write %% for a percent sign`);
    }
    if (problem !== null) {
      this.problems.push(within(at, problem));
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
      this.problems.push(within(`${block.at}: ${block.directive}`, turns.error));
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
      this.problems.push(within(key.at, FILE_PROBLEMS.tooManyKeys(MOST_TURNS)));
    }
    const { name, value, at } = key;
    const named = namedByOption(key);
    if (beginsBlock(name)) {
      this.keys.push({ ...key, role: 'directive' });
      if (this.isTurning) this.problems.push(within(at, FILE_PROBLEMS.blockNested(name)));
      else this.block = { directive: name, argument: value, at };
    } else if (BLOCK_ENDS.has(name)) this.keys.push({ ...key, role: 'directive' });
    else if (name === 'inherit') {
      this.keys.push({ ...key, role: 'directive' });
      this.inherited.push({ name: value, at });
    } else if (named !== null) {
      this.keys.push({ ...key, role: 'directive' });
      this.include(named, at, name);
    } else if (name === 'set' || name === 'set-ph' || name === 'set-placeholder') {
      this.keys.push({ ...key, role: 'directive' });
      this.set(key);
    } else this.keys.push(key);
  }

  private include({ name, format }: NamedFile, at: string, option: string): void {
    const path = pathOf(name);
    if (name === '') this.problems.push(within(at, FILE_PROBLEMS.fileNameless(option)));
    else if (!path.ok) this.problems.push(within(at, path.error));
    else if (/[%$@]\(/.test(name)) {
      this.problems.push(within(at, FILE_PROBLEMS.nameWithReference(name)));
    } else this.enter({ name: path.value, format }, at);
  }

  private set(key: IniKey): void {
    const { name, value, at } = key;
    const equals = value.indexOf('=');
    const target = value.slice(0, Math.max(0, equals)).trim();
    if (target === '') this.problems.push(within(at, FILE_PROBLEMS.setUnread(value)));
    else if (name === 'set') this.put({ ...key, name: target, value: value.slice(equals + 1) });
    else if (findOption(this.table, target) !== undefined && target.length > 1) {
      this.problems.push(within(at, FILE_PROBLEMS.placeholderTaken(target)));
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
