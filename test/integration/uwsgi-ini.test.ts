import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { namedByItself } from '../../server/options/ini/formats.js';
import { makeFolder } from '../support/folder.js';
import {
  answerFile,
  computedHere,
  CORPUS_FILES,
  INI_CORPUS,
  INI_ENVIRONMENT,
} from '../support/ini-corpus.js';
import { INI_NEIGHBOURS, iniText, yamlText } from '../support/ini-generators.js';

const found = spawnSync('uwsgi', ['--version']).status === 0;
const skip = found ? false : 'needs the package uwsgi-core';

/** The keys that an installed uWSGI lists, without those of the command line. */
function computedByUwsgi(file: string, folder: string): string {
  const { stderr } = spawnSync(
    'uwsgi',
    [`--${namedByItself(file).format}`, file, '--show-config', '--no-server'],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...INI_ENVIRONMENT },
    },
  );
  const [, listed] = /^\[uwsgi\]\n\w+ = .*\n([^]*?);end of configuration$/m.exec(stderr) ?? [];
  if (listed === undefined) assert.fail(`uwsgi could not read ${file}: ${stderr}`);
  // What is inherited from comes behind them.
  return listed.replace(/^show-config = true\nno-server = true\n/m, '');
}

describe('what the installed uWSGI computes', { skip }, () => {
  for (const file of CORPUS_FILES) {
    test(`from ${file} of the corpus is what the corpus holds`, () => {
      const listed = computedByUwsgi(file, INI_CORPUS).replaceAll(INI_CORPUS, '{folder}');
      if (process.env['UPDATE_UWSGI_INI'] === '1') writeFileSync(answerFile(file), listed);
      assert.equal(listed, readFileSync(answerFile(file), 'utf8'));
    });
  }

  for (const [name, text] of Object.entries({ 't.ini': iniText, 't.yml': yamlText })) {
    test(`from any file like ${name} is what tsuwsgi computes, or refuses to`, (t) => {
      const folder = realpathSync(makeFolder(t, INI_NEIGHBOURS));
      fc.assert(
        fc.property(text, (written) => {
          writeFileSync(path.join(folder, name), written);
          const here = computedHere(name, folder);
          if (here.problems.length > 0) return;
          assert.equal(here.listed, computedByUwsgi(name, folder));
        }),
        { numRuns: process.env['TEST_LONG'] === '1' ? 500 : 40 },
      );
    });
  }
});
