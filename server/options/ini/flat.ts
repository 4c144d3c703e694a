import type { IniLine, IniText } from './lines.js';
import { type Magic, replaceMagic } from './magic.js';

/** A value of a file that is no ini file; `line` counts from 1. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'mapping' }
  /** What no option has, as the end of a sentence with its remedy. */
  | { readonly kind: 'strange'; readonly problem: string };

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
  readonly faults: readonly { readonly line: number; readonly problem: string }[];
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
      const problem = `${name} has no options in it: write them below, as "name: value" of its own`;
      return [{ ...blank, section, at: at(line), problem }];
    }
    return entries.flatMap((entry) => linesOf(entry, section, at(entry.line), magic));
  });
  const strays = faults.map(({ line, problem }) => ({ ...blank, at: at(line), problem }));
  return { lines: [...strays, ...lines], sections: new Set(names) };
}

const NESTED = 'an option has a value, or a list of values: write nothing below it';

function linesOf(entry: Entry, section: string, at: string, magic: Magic): IniLine[] {
  const { text: key, unknown } = replaceMagic(entry.key, magic);
  const blank = { section, at, key, value: '', unknown, problem: null };
  if (!/^[^\s()[\]]+$/.test(key)) {
    return [{ ...blank, problem: `${JSON.stringify(key)} is not the name of an option` }];
  }
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.map((item): IniLine => {
    if (item.kind === 'strange') return { ...blank, problem: `${key}: ${item.problem}` };
    if (item.kind !== 'text') return { ...blank, problem: `${key}: ${NESTED}` };
    return { ...blank, ...textOf(item.text, key, magic) };
  });
}

function textOf(
  raw: string,
  key: string,
  magic: Magic,
): Pick<IniLine, 'value' | 'unknown' | 'problem'> {
  const { text: value, unknown, problem } = replaceMagic(raw, magic);
  const whole = /[\r\n\0]/.test(value) ? 'a value is one line of text' : problem;
  return { value, unknown, problem: whole === null ? null : `${key}: ${whole}` };
}
