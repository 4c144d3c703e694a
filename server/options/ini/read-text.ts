import { createRequire } from 'node:module';
import type * as Jsonc from 'jsonc-parser';
import type * as Toml from 'toml-eslint-parser';
import type * as Yaml from 'yaml';
import { messageOf } from '../../../shared/result.js';
import { flatten, type Parsed } from './flat.js';
import type { Format } from './formats.js';
import { parseJson } from './json.js';
import { type IniText, readLines } from './lines.js';
import type { Magic } from './magic.js';
import { parseToml } from './toml.js';
import { TOO_DEEP } from './too-deep.js';
import { parseYaml } from './yaml.js';
import { FILE_PROBLEMS } from '../problems/files.js';

/** Loads a library at once, when a file is there that needs it: most configurations are ini files. */
const require = createRequire(import.meta.url);

const PARSERS: Readonly<Record<Exclude<Format, 'ini'>, (text: string) => Parsed>> = {
  yaml: (text) => parseYaml(text, require('yaml') as typeof Yaml),
  json: (text) => parseJson(text, require('jsonc-parser') as typeof Jsonc),
  toml: (text) => parseToml(text, require('toml-eslint-parser') as typeof Toml),
};

/** The lines of a file of any format. What is wrong with the whole of it stands in no section. */
export function readText(text: string, file: string, format: Format, magic: Magic): IniText {
  if (format === 'ini') return readLines(text, file, magic);
  return flatten(parsed(text.replace(/^\uFEFF/, ''), format), file, magic);
}

/** A text that is nested without end takes the stack of any parser. */
function parsed(text: string, format: Exclude<Format, 'ini'>): Parsed {
  try {
    return PARSERS[format](text);
  } catch (error) {
    const reason = error instanceof RangeError ? TOO_DEEP : messageOf(error);
    return { sections: [], faults: [{ line: 1, problem: FILE_PROBLEMS.unparsable(reason) }] };
  }
}
