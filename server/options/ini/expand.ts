import { calculate } from './arithmetic.js';
import type { Collected, IniKey } from './collect.js';
import { expandReferences } from './references.js';
import { pathOf } from './schemes.js';
import type { IniWorld } from './world.js';
import { type Problem, within } from '../../../shared/problem.js';
import { FILE_PROBLEMS } from '../problems/files.js';

/** Options whose own values have variables in the form of references. */
const WITH_VARIABLES = new Set(['log-format', 'logformat']);

/**
 * Expands the references of all keys, as uWSGI does when it has read all files: first `$(ENV)` of
 * every key, then `@(FILE)`, then `%(name)`. A name means the first key of that name, which may
 * stand below.
 */
export function expandKeys(collected: Collected, world: IniWorld): Collected {
  const values = new Values(collected);
  const { notes, problems, mentioned } = values;
  values.pass('$', (name, { at }) => {
    const value = world.env[name];
    if (value === undefined)
      notes.push(`${at}: $(${name}) is not in the environment, it stays as it is`);
    return value;
  });
  values.pass('@', (name, { at }) => {
    const file = pathOf(name);
    if (!file.ok) {
      problems.push(within(`${at}: cannot read @(${name})`, file.error));
      return undefined;
    }
    const text = world.read(file.value);
    // As in uWSGI, the line break at the end of a file is no part of the value.
    if (text.ok) return text.value.replace(/\n$/, '');
    problems.push(within(at, FILE_PROBLEMS.referenceUnreadable(name, text.error)));
    return undefined;
  });
  const find = (name: string): string | undefined => {
    mentioned.add(name);
    return values.find(name);
  };
  values.pass('%', (name, { at, name: key }) => {
    const value = name.includes(' ') ? calculate(name, find) : find(name);
    if (value === undefined && !WITH_VARIABLES.has(key)) {
      notes.push(`${at}: there is no key ${name}, %(${name}) stays as it is`);
    }
    return value;
  });
  return values;
}

/** The keys while their values are expanded. */
class Values implements Collected {
  readonly keys: IniKey[];
  readonly mentioned: Set<string>;
  readonly notes: string[];
  readonly problems: Problem[];
  /** Where the first key of each name stands. */
  private readonly first = new Map<string, number>();

  constructor(collected: Collected) {
    this.keys = [...collected.keys];
    this.mentioned = new Set(collected.mentioned);
    this.notes = [...collected.notes];
    this.problems = [...collected.problems];
    for (const [index, { name }] of this.keys.entries()) {
      if (!this.first.has(name)) this.first.set(name, index);
    }
  }

  find(name: string): string | undefined {
    const index = this.first.get(name);
    return index === undefined ? undefined : this.keys[index]?.value;
  }

  pass(sign: '%' | '$' | '@', look: (name: string, key: IniKey) => string | undefined): void {
    for (const [index, key] of this.keys.entries()) {
      if (key.role !== 'key' || !key.value.includes(`${sign}(`)) continue;
      const value = expandReferences(key.value, sign, (name, soFar) => {
        this.keys[index] = { ...key, value: soFar };
        return look(name, key);
      });
      if (value.ok) this.keys[index] = { ...key, value: value.value };
      else
        this.problems.push(within(key.at, FILE_PROBLEMS.referenceEndless(key.name, value.error)));
    }
  }
}
