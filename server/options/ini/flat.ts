import type { IniLine, IniText } from './lines.js';
import { type Magic, replaceMagic } from './magic.js';
import type { Problem } from '../../../shared/problem.js';
import { FILE_PROBLEMS } from '../problems/files.js';

/** A value of a file that is no ini file; `line` counts from 1. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'mapping' }
  /** What no option has. */
  | { readonly kind: 'strange'; readonly problem: (key: string) => Problem };

/** A key of a section, with its value. */
export interface Entry {
  readonly key: string;
  readonly value: Value;
  readonly line: number;
}

/** A top-level key. */
export interface Section {
  readonly name: string;
  readonly line: number;
  /** null: it has no keys, but a value. */
  readonly entries: readonly Entry[] | null;
}

/** What a reader of a format makes of a text. */
export interface Parsed {
  readonly sections: readonly Section[];
  /** What is wrong with the whole of it. */
  readonly faults: readonly { readonly line: number; readonly problem: Problem }[];
}

/** How a whole number from 0 becomes a line, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/**
 * The lines that an ini file would have to say the same: a list is a key that is repeated. `%x` is
 * replaced in keys and values, as in an ini file.
 */
export function flatten({ sections, faults }: Parsed, file: string, magic: Magic): IniText {
  const at = (line: number): string => `${file}:${line}`;
  const blank = { section: '', key: '', value: '', unknown: [] };
  const names = sections.map(({ name }) => replaceMagic(name, magic).text);
  const lines = sections.flatMap(({ name, line, entries }, index): IniLine[] => {
    const section = names[index] ?? name;
    if (entries === null) {
      const problem = FILE_PROBLEMS.sectionEmpty(name);
      return [{ ...blank, section, at: at(line), problem }];
    }
    return entries.flatMap((entry) => linesOf(entry, section, at(entry.line), magic));
  });
  const strays = faults.map(({ line, problem }) => ({ ...blank, at: at(line), problem }));
  return { lines: [...strays, ...lines], sections: new Set(names) };
}

function linesOf(entry: Entry, section: string, at: string, magic: Magic): IniLine[] {
  const { text: key, unknown } = replaceMagic(entry.key, magic);
  const blank = { section, at, key, value: '', unknown, problem: null };
  if (!/^[^\s()[\]]+$/.test(key)) {
    return [{ ...blank, problem: FILE_PROBLEMS.noOptionName(key) }];
  }
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.map((item): IniLine => {
    if (item.kind === 'strange') return { ...blank, problem: item.problem(key) };
    if (item.kind !== 'text') return { ...blank, problem: FILE_PROBLEMS.nested(key) };
    return { ...blank, ...textOf(item.text, key, magic) };
  });
}

function textOf(
  raw: string,
  key: string,
  magic: Magic,
): Pick<IniLine, 'value' | 'unknown' | 'problem'> {
  const { text: value, unknown, isOpen } = replaceMagic(raw, magic);
  if (/[\r\n\0]/.test(value)) return { value, unknown, problem: FILE_PROBLEMS.manyLines(key) };
  return { value, unknown, problem: isOpen ? FILE_PROBLEMS.percentAtEnd(raw) : null };
}
