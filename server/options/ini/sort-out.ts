import { findOption, type OptionRow, type Setting } from '../../../shared/options.js';
import type { Collected, IniKey } from './collect.js';
import { foreignProblem, withoutEffectNote, pythonNote, withoutEffect } from './foreign.js';
import { type Problem, within } from '../../../shared/problem.js';

/** What the keys of files come down to. */
export interface SortedOut {
  /** In order; a name that nothing knows is among them, for the reader of options to tell. */
  readonly settings: readonly (Setting & { readonly file: string })[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Tells options from placeholders, and from options of uWSGI that mean nothing here. */
export function sortOut(collected: Collected, table: readonly OptionRow[]): SortedOut {
  const settings: (Setting & { file: string })[] = [];
  const notes = [...collected.notes];
  const problems = [...collected.problems];
  const idle = new Set<string>();
  for (const key of collected.keys) {
    const { name, value, at, file } = key;
    const python = pythonNote(name);
    const foreign = foreignProblem(name);
    if (key.role !== 'key') continue;
    if (isOption(key, collected, table)) {
      settings.push({ name, value, origin: `${at}: ${name}`, file });
    } else if (withoutEffect(name)) idle.add(name);
    else if (python !== null) notes.push(`${at}: ${python}`);
    else if (foreign !== null) problems.push(within(at, foreign));
    else if (!collected.mentioned.has(name))
      settings.push({ name, value, origin: `${at}: ${name}`, file });
  }
  if (idle.size > 0) {
    notes.push(withoutEffectNote(idle));
  }
  return { settings, notes, problems };
}

/** uWSGI's files have no short names: there `p` is a placeholder where something refers to it. */
function isOption(key: IniKey, { mentioned }: Collected, table: readonly OptionRow[]): boolean {
  if (key.name.length === 1 && mentioned.has(key.name)) return false;
  return findOption(table, key.name) !== undefined;
}
