import type { OptionRow } from '../../shared/options.js';
import { usageOf } from '../../shared/option-help.js';
import { FIRST_VERSION } from '../../shared/version.js';

/** A JSON Schema (draft-07) of what a configuration file in YAML, JSON or TOML may say, for editors. */
export function optionsSchema(table: readonly OptionRow[]): object {
  const properties = Object.fromEntries(
    table.flatMap((row) => namesOf(row).map((name) => [name, propertyOf(row, name)])),
  );
  const section = {
    type: 'object',
    properties,
    // Keys that are no options are placeholders, where another value refers to them.
    additionalProperties: { $ref: '#/definitions/value' },
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of tsuwsgi',
    description: `Made from the table of options: docs/configuration.md says what a file may be. Options are there since ${FIRST_VERSION}, but where another version is told.`,
    type: 'object',
    properties: {
      tsuwsgi: { $ref: '#/definitions/options' },
      uwsgi: { $ref: '#/definitions/options' },
    },
    anyOf: [{ required: ['tsuwsgi'] }, { required: ['uwsgi'] }],
    definitions: {
      options: section,
      scalar: { type: ['string', 'number', 'boolean'] },
      value: {
        anyOf: [{ $ref: '#/definitions/scalar' }, listOf({ $ref: '#/definitions/scalar' })],
      },
    },
  };
}

/** In files an option of several names is written by its long ones. */
function namesOf({ name, aliases = [] }: OptionRow): string[] {
  return [name, ...aliases.filter((alias) => alias.length > 1)];
}

function listOf(items: object): object {
  return { type: 'array', items };
}

/** A value with references or a suffix is a text in any case. */
const REFERENCE = { type: 'string', pattern: '[%$@]\\(' };

function propertyOf(row: OptionRow, name: string): object {
  const description = `${name === row.name ? '' : `As ${row.name}: `}${row.help}`;
  const usual = row.default === undefined ? {} : { default: row.default };
  const since = row.since === undefined ? '' : ` (since ${row.since})`;
  return { description: `${usageOf(row)}\n${description}${since}`, ...usual, ...valueOf(row) };
}

function valueOf(row: OptionRow): object {
  switch (row.type) {
    case 'flag':
      return { anyOf: [{ type: ['boolean', 'null'] }, { enum: [0, 1] }, { type: 'string' }] };
    case 'integer':
    case 'number':
      return { anyOf: [numberOf(row), REFERENCE, ...inText(row)] };
    case 'list': {
      const item = textOf(row);
      return { anyOf: [item, listOf(item)] };
    }
    case 'text':
    case 'address':
      return row.bare === undefined ? textOf(row) : { anyOf: [textOf(row), { type: 'null' }] };
  }
}

function numberOf({ type, min = 0, max }: OptionRow): object {
  return { type, minimum: min, ...(max === undefined ? {} : { maximum: max }) };
}

/** A number may be written in quotes, and with the suffix of its unit. */
function inText({ type, unit }: OptionRow): object[] {
  const digits = type === 'integer' && unit === undefined ? '^\\d+$' : '^\\d+(\\.\\d+)?';
  return [{ type: 'string', pattern: digits }];
}

function textOf({ choices }: OptionRow): object {
  if (choices === undefined) return { type: ['string', 'number'] };
  return { anyOf: [{ enum: choices }, REFERENCE] };
}
