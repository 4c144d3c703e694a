import { type Part, problemTable } from '../../../shared/problem.js';

/** What can be wrong with a file of options, of any format. */
export const FILE_PROBLEMS = problemTable({
  unreadable: (file: Part, reason: Part) => [
    `cannot read ${file}: ${reason}`,
    '; name a file that is there and may be read',
  ],
  noSection: (file: Part, sections: Part) => [
    `${file}: there is no section ${sections}`,
    ': write it above the options, or name another, FILE:SECTION',
  ],
  includedInItself: (file: Part) => [
    `${file} is included inside itself, or too deep`,
    ': leave one of the inclusions out',
  ],
  inheritedFromItself: (file: Part) => [
    `${file} is inherited from by itself, or there is too much of it`,
    ': leave one of them out',
  ],
  blockOpen: (directive: Part, end: Part) => [
    `${directive} has no end`,
    `: write ${end} below its lines`,
  ],
  blockNested: (directive: Part) => [
    `${directive} cannot stand inside a block: uWSGI has no nesting`,
    ', write the end of the other above it',
  ],
  tooManyKeys: (most: Part) => [`there are more than ${most} keys`, ': let loops have fewer turns'],
  fileNameless: (option: Part) => [`${option}: the name of a file is missing`, ': write it behind'],
  nameWithReference: (name: Part) => [
    `"${name}" is read before references are expanded, as in uWSGI`,
    ': write the name out, or use %d and the like',
  ],
  setUnread: (text: Part) => [`"${text}" is not NAME=VALUE`, ': write both'],
  placeholderTaken: (name: Part) => [`${name} is an option already`, ': choose another name'],
  scheme: (scheme: Part, remedy: Part) => [`${scheme}:// is not supported`, `: ${remedy}`],
  loopNoNumber: (text: Part) => [`"${text}" is not a whole number`, ': write how often, such as 3'],
  loopTooLong: (count: Part, most: Part) => [
    `${count} is more than ${most}`,
    ': write a lower number',
  ],
  loopUnreadable: (file: Part, reason: Part) => [
    `${file} has no lines to read: ${reason}`,
    '; name a file that is there',
  ],
  conditionUnread: (argument: Part, reason: Part) => [
    `"${argument}": ${reason}`,
    '; write a regular expression of JavaScript',
  ],
  referenceUnreadable: (name: Part, reason: Part) => [
    `cannot read @(${name}): ${reason}`,
    '; name a file that is there, or write @(NAME) otherwise',
  ],
  referenceEndless: (key: Part, reference: Part) => [
    `${key}: ${reference} leads back to itself, or to a value without end`,
    ': name another key',
  ],
  beforeSections: (text: Part) => [
    `"${text}" stands before any [section]`,
    ': write [tsuwsgi] above it',
  ],
  percentAtEnd: (line: Part) => [
    `"${line}": a single % at its end would join it to the next`,
    ': write %%',
  ],
  noOptionName: (key: Part) => [
    `"${key}" is not the name of an option`,
    ': write one word, and = before its value',
  ],
  sectionEmpty: (name: Part) => [
    `${name} has no options in it`,
    ': write them below, as "name: value" of its own',
  ],
  nested: (key: Part) => [
    `${key}: an option has a value, or a list of values`,
    ': write nothing below it',
  ],
  manyLines: (key: Part) => [`${key}: a value is one line of text`, ': write a key for each'],
  nullValue: (key: Part) => [`${key}: null is no value`, ': leave the key out, or write false'],
  notJson: (reason: Part) => [
    `this is not JSON: ${reason}`,
    '; write strict JSON, without comments and trailing commas',
  ],
  notToml: (reason: Part) => [`this is not TOML: ${reason}`, '; write TOML 1.0'],
  notYaml: (reason: Part) => [`this is not YAML: ${reason}`, '; write YAML 1.2'],
  tomlNoValue: (written: Part) => [
    `"${written}" has no value behind it`,
    ': write one in the same line',
  ],
  tomlOpen: () => [
    'a list or an inline table that was opened by [ or { is not closed',
    ': write its ] or } behind its last value',
  ],
  yamlOpen: (begin: Part, end: Part) => [
    `a ${begin} that was opened above is not closed here`,
    `: write its ${end}, indented deeper than its key`,
  ],
  yamlTwice: () => [
    'a second document begins here: a file is one document',
    ', write another file for it',
  ],
  notBelowKey: (form: Part) => ['options stand below a key', `: write ${form}`],
  unparsable: (reason: Part) => [`cannot be read: ${reason}`, '; write fewer levels into it'],
  foreign: (name: Part, remedy: Part) => [
    `${name}: this option of uWSGI is not supported`,
    `; ${remedy}`,
  ],
});
