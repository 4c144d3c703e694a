import { type Magic, replaceMagic } from './magic.js';
import type { Problem } from '../../../shared/problem.js';
import { FILE_PROBLEMS } from '../problems/files.js';

/** A line of a file that says something. */
export interface IniLine {
  /** Empty before the first header. */
  readonly section: string;
  /** `file:line`, for messages. */
  readonly at: string;
  readonly key: string;
  /** Empty for a bare key. */
  readonly value: string;
  readonly problem: Problem | null;
  /** Magic letters that stand for nothing. */
  readonly unknown: readonly string[];
}

export interface IniText {
  readonly lines: readonly IniLine[];
  readonly sections: ReadonlySet<string>;
}

/**
 * Splits the text of an ini file as uWSGI does: `;` and `#` begin a comment only at the start of a
 * line, quotes are part of a value, a backslash does not continue a line, the first `=` ends the key.
 */
export function readLines(text: string, file: string, magic: Magic): IniText {
  const lines: IniLine[] = [];
  const sections = new Set<string>();
  let section = '';
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/^\uFEFF/, '').trim();
    if (/^([;#]|$)/.test(line)) continue;
    const at = `${file}:${index + 1}`;
    const header = /^\[([^\]]*)\]$/.exec(line)?.[1]?.trim();
    if (header === undefined) lines.push(readLine(line, section, at, magic));
    else {
      section = replaceMagic(header, magic).text;
      sections.add(section);
    }
  }
  return { lines, sections };
}

function readLine(raw: string, section: string, at: string, magic: Magic): IniLine {
  const { text, unknown, isOpen } = replaceMagic(raw, magic);
  const equals = text.indexOf('=');
  const key = (equals < 0 ? text : text.slice(0, equals)).trim();
  const value = equals < 0 ? '' : text.slice(equals + 1).trim();
  const line = { section, at, key, value, unknown };
  if (section === '') return { ...line, problem: FILE_PROBLEMS.beforeSections(text) };
  if (isOpen) return { ...line, problem: FILE_PROBLEMS.percentAtEnd(raw) };
  if (/^[^\s()[\]]+$/.test(key)) return { ...line, problem: null };
  return { ...line, problem: FILE_PROBLEMS.noOptionName(key) };
}
