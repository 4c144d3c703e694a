import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

/** A schema, as far as ours goes. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly unit?: string;
  /** Whether the field is one of uWSGI 2.0. */
  readonly uwsgi?: true;
  readonly $ref?: string;
  readonly enum?: readonly (string | number)[];
  readonly const?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** docs/stats.schema.json. */
export const STATS_SCHEMA = JSON.parse(
  // The compiled test lies one folder deeper, under dist/.
  readFileSync(path.join(import.meta.dirname, '../../../docs/stats.schema.json'), 'utf8'),
) as Schema;

/** Changes every object of the schema that has properties, and nothing else. */
function mapped(change: (schema: Schema) => Schema): Schema {
  const objects = (part: Schema): Schema =>
    part.properties === undefined ? part : change({ ...part, properties: inner(part.properties) });
  const inner = (parts: Readonly<Record<string, Schema>>): Record<string, Schema> =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, objects(part)]));
  return objects({ ...STATS_SCHEMA, $defs: inner(STATS_SCHEMA.$defs ?? {}) });
}

/** Other programs pass over fields that they do not know; our own documents must have none. */
const CLOSED = mapped((schema) => ({ ...schema, additionalProperties: false }));

/** What uWSGI 2.0 has of it: nothing of ours is asked for. */
const UWSGI_PART = mapped((schema) => {
  const kept = Object.entries(schema.properties ?? {}).filter(([, { uwsgi }]) => uwsgi);
  const properties = Object.fromEntries(kept);
  return {
    ...schema,
    properties,
    required: (schema.required ?? []).filter((name) => name in properties),
  };
});

type Validate = ((value: unknown) => boolean) & { errors?: ErrorObject[] | null };

function compile(schema: Schema): Validate {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  ajv.addVocabulary(['unit', 'uwsgi']);
  return ajv.compile(schema);
}

const validate = {
  closed: compile(CLOSED),
  open: compile(STATS_SCHEMA),
  uwsgi: compile(UWSGI_PART),
};

/**
 * Fails when a document has a field that the schema does not know, lacks one, or has a wrong value.
 * `uwsgi` asks only for what uWSGI has; `open` is the schema as other programs read it.
 */
export function assertValid(document: unknown, how: keyof typeof validate = 'closed'): void {
  const check = validate[how];
  if (check(document)) return;
  const found = (check.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
  assert.fail(`the document is not what docs/stats.schema.json says:\n${found.join('\n')}`);
}
