import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { collectKeys } from '../../../../server/options/ini/collect.js';
import { expandKeys } from '../../../../server/options/ini/expand.js';
import { machineWorld } from '../../../../server/options/ini/machine.js';
import { OPTIONS } from '../../../../server/options/table.js';
import {
  answerFile,
  CORPUS_NAMES,
  INI_CORPUS,
  INI_ENVIRONMENT,
} from '../../../support/ini-corpus.js';

const world = { ...machineWorld(INI_CORPUS), env: INI_ENVIRONMENT };

describe('an ini file has the values that a real uWSGI computes', () => {
  for (const name of CORPUS_NAMES) {
    test(`of ${name}.ini`, () => {
      const { keys, problems } = expandKeys(collectKeys([`${name}.ini`], world, OPTIONS), world);
      const listed = keys.map((key) => `${key.name} = ${key.value}\n`).join('');
      assert.deepEqual(problems, []);
      assert.equal(
        listed.replaceAll(INI_CORPUS, '{folder}'),
        readFileSync(answerFile(name), 'utf8'),
      );
    });
  }
});
