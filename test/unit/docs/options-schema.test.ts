import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { OPTIONS } from '../../../server/options/table.js';
import { optionsSchema } from '../../support/options-schema.js';
import { ROOT } from '../../support/server.js';

/** The schema is made from the table of options; run with UPDATE_README=1 to write it. */

const FILE = path.join(ROOT, 'docs/options.schema.json');

const schema = optionsSchema(OPTIONS);
if (process.env['UPDATE_README'] === '1') {
  writeFileSync(FILE, `${JSON.stringify(schema)}\n`);
}

describe('docs/options.schema.json', () => {
  test('is the one that the table makes', () => {
    assert.deepEqual(
      JSON.parse(readFileSync(FILE, 'utf8')),
      JSON.parse(JSON.stringify(schema)),
      'run with UPDATE_README=1',
    );
  });

  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(FILE, 'utf8')) as object,
  );

  test('takes what a configuration may say', () => {
    for (const text of [
      'tsuwsgi: {module: app.js, processes: 4, stats: [":9191", "/run/s"], master: true}',
      'uwsgi:\n  cores: 4\n  processes: "%(cores * 2)"\n  workers: "2"\n  master:\n  cheaper-algo: busyness',
      'tsuwsgi: {log-level: debug, stats: ":1", listen: 1024, harakiri: 30}\nother: {deep: {er: 1}}',
    ]) {
      assert.ok(validate(parse(text)), `${text}: ${JSON.stringify(validate.errors)}`);
    }
  });

  test('refuses what tsuwsgi refuses', () => {
    for (const text of [
      'other: {processes: 4}',
      'tsuwsgi: {processes: many}',
      'tsuwsgi: {processes: 0}',
      'tsuwsgi: {processes: 1.5}',
      'tsuwsgi: {processes: [1, 2]}',
      'tsuwsgi: {log-level: loud}',
      'tsuwsgi: {stats: {port: 1}}',
      'tsuwsgi: {stats: [[":1"]]}',
      'tsuwsgi: [processes]',
    ]) {
      assert.equal(validate(parse(text)), false, text);
    }
  });
});
