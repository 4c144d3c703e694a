import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { answerFile, computedHere, CORPUS_NAMES, INI_CORPUS } from '../../../support/ini-corpus.js';

describe('an ini file has the values that a real uWSGI computes', () => {
  for (const name of CORPUS_NAMES) {
    test(`of ${name}.ini`, () => {
      const { listed, problems } = computedHere(`${name}.ini`, INI_CORPUS);
      assert.deepEqual(problems, []);
      assert.equal(
        listed.replaceAll(INI_CORPUS, '{folder}'),
        readFileSync(answerFile(name), 'utf8'),
      );
    });
  }
});
