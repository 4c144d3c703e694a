import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { answerFile, computedHere, CORPUS_FILES, INI_CORPUS } from '../../../support/ini-corpus.js';

describe('a file has the values that a real uWSGI computes', () => {
  for (const file of CORPUS_FILES) {
    test(`of ${file}`, () => {
      const { listed, problems } = computedHere(file, INI_CORPUS);
      assert.deepEqual(problems, []);
      assert.equal(
        listed.replaceAll(INI_CORPUS, '{folder}'),
        readFileSync(answerFile(file), 'utf8'),
      );
    });
  }
});
