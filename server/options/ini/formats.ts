import type { Setting } from '../../../shared/options.js';

/** How a configuration file is written. */
export type Format = 'ini' | 'yaml' | 'json' | 'toml';

/** A file to be read, with `:SECTION` behind its name or without. */
export interface NamedFile {
  readonly name: string;
  readonly format: Format;
}

/** By the end of a file's name, and by the option that names a file of one format. */
const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['ini', 'ini'],
  ['yaml', 'yaml'],
  ['yml', 'yaml'],
  ['json', 'json'],
  ['js', 'json'],
  ['toml', 'toml'],
]);

/** A file by its name alone: what has no extension of another format is an ini file. */
export function namedByItself(name: string): NamedFile {
  const [, extension = ''] = /\.([a-z]+)(?::[^/:]*)?$/.exec(name) ?? [];
  return { name, format: FORMATS.get(extension) ?? 'ini' };
}

/** The file that an option names; null: it is not for naming files that are read where they stand. */
export function namedByOption({ name, value }: Pick<Setting, 'name' | 'value'>): NamedFile | null {
  if (name === 'include') return namedByItself(value);
  const format = FORMATS.get(name);
  return format === undefined ? null : { name: value, format };
}

/** Whether a word of the command line stands for a file without an option: `-` is an ini file, too. */
export function isFileOperand(word: string): boolean {
  return /^-(:[^/:]*)?$|\.(ini|ya?ml|json|toml)(:[^/:]*)?$/.test(word);
}
