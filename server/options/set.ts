import { findOption, type OptionRow, type Setting } from '../../shared/options.js';
import { type Problem, within } from '../../shared/problem.js';
import type { IniKey } from './ini/collect.js';
import { FILE_PROBLEMS } from './problems/files.js';

/** What `--set NAME=VALUE` comes down to. */
export interface AfterSet {
  /** Where NAME is an option, that option stands in the place of `set`. */
  readonly settings: readonly Setting[];
  readonly problems: readonly Problem[];
}

/** Reads what is set outside of files; any other name is a placeholder, see `placedBySet`. */
export function readSet(settings: readonly Setting[], table: readonly OptionRow[]): AfterSet {
  const problems: Problem[] = [];
  const read = settings.map((setting): Setting => {
    if (setting.name !== 'set') return setting;
    const pair = pairOf(setting.value);
    if (pair === null) {
      problems.push(within(setting.origin, FILE_PROBLEMS.setUnread(setting.value)));
      return setting;
    }
    const row = findOption(table, pair.name);
    return row === undefined ? setting : { ...setting, name: row.name, value: pair.value };
  });
  return { settings: read, problems };
}

/** The placeholders that files may refer to, as keys before all of theirs. */
export function placedBySet(settings: readonly Setting[]): IniKey[] {
  return settings.flatMap(({ name, value, origin }): IniKey[] => {
    const pair = name === 'set' ? pairOf(value) : null;
    return pair === null ? [] : [{ ...pair, at: origin, file: '', role: 'placeholder' }];
  });
}

function pairOf(text: string): { readonly name: string; readonly value: string } | null {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals)).trim();
  return name === '' ? null : { name, value: text.slice(equals + 1) };
}
