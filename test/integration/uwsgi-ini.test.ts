import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { answerFile, CORPUS_NAMES, INI_CORPUS, INI_ENVIRONMENT } from '../support/ini-corpus.js';

const found = spawnSync('uwsgi', ['--version']).status === 0;
const skip = found ? false : 'needs the package uwsgi-core';

/** The keys that an installed uWSGI lists, without those of the command line. */
function computed(name: string): string {
  const { stderr } = spawnSync('uwsgi', ['--ini', `${name}.ini`, '--show-config', '--no-server'], {
    cwd: INI_CORPUS,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...INI_ENVIRONMENT },
  });
  const [, listed = ''] = /^\[uwsgi\]\n([^]*?);end of configuration$/m.exec(stderr) ?? [];
  const own = listed
    .replace(/^ini = .*\n/, '')
    .replace(/show-config = true\nno-server = true\n$/, '');
  assert.notEqual(own, '', stderr);
  return own.replaceAll(INI_CORPUS, '{folder}');
}

describe('the corpus of ini files holds what the installed uWSGI computes', { skip }, () => {
  for (const name of CORPUS_NAMES) {
    test(`from ${name}.ini`, () => {
      if (process.env['UPDATE_UWSGI_INI'] === '1') writeFileSync(answerFile(name), computed(name));
      assert.equal(computed(name), readFileSync(answerFile(name), 'utf8'));
    });
  }
});
