import { type Schema, STATS_SCHEMA } from './stats-schema.js';

/** Makes the tables of docs/stats.md out of docs/stats.schema.json. */
export function statsTables(): string {
  const defs = Object.entries(STATS_SCHEMA.$defs ?? {});
  return [
    section('The document', STATS_SCHEMA),
    ...defs.map(([name, schema]) => section(`\`${name}\``, schema)),
  ].join('\n\n');
}

function section(title: string, schema: Schema): string {
  const head = ['| field | | type | unit | meaning |', '| --- | --- | --- | --- | --- |'];
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    row(name, property, schema.required?.includes(name) ?? false),
  );
  return [`## ${title}`, schema.description ?? '', [...head, ...rows].join('\n')].join('\n\n');
}

function row(name: string, property: Schema, isRequired: boolean): string {
  const { unit = '', uwsgi = false, description = '' } = property;
  const field = `\`${name}\`${isRequired ? '' : ' (may be absent)'}`;
  const cells = [
    field,
    uwsgi ? 'uWSGI' : '',
    typeOf(property),
    unit,
    meaning(property, description),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Members of an object that is not worth a section of its own are told with it. */
function meaning({ properties }: Schema, description: string): string {
  const members = Object.entries(properties ?? {}).map(
    ([name, { description: text = '', unit }]) =>
      ` \`${name}\`${unit === undefined ? '' : ` (${unit})`}: ${text}`,
  );
  return description + members.join('');
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '');
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(', ');
  const names = [schema.type ?? []].flat().map((type) => NAMES[type] ?? type);
  const name = names.join(' or ');
  return schema.items === undefined ? name : `list of ${typeOf(schema.items)}`;
}

const NAMES: Readonly<Record<string, string>> = { integer: 'whole number', array: 'list' };
