import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import {
  applicationStart,
  importProblem,
  probeStart,
} from '../../../server/master/application-start.js';
import { makeFolder } from '../../support/folder.js';

const NOTHING = {
  chdir: undefined,
  env: [],
  'node-option': [],
  import: [],
  'worker-nice': undefined,
  'rlimit-as': undefined,
  'rlimit-nofile': undefined,
  'rlimit-nproc': undefined,
  'rlimit-core': undefined,
};
const start = (wanted: Partial<Parameters<typeof applicationStart>[0]>) =>
  applicationStart({ ...NOTHING, ...wanted }, undefined);

function outputOf([program = '', ...words]: readonly string[]): string {
  return execFileSync(program, words, { encoding: 'utf8' });
}

describe('the start of what runs the application', () => {
  test('needs no launcher without limits', () => {
    const plain = { folder: undefined, launcher: [], flags: [] };
    assert.deepEqual(start({ env: ['A=1'], 'worker-nice': 0 }), plain);
  });

  test('has the options of Node in their order, then the imports', () => {
    const { flags } = start({ import: ['tsx', './a.js'], 'node-option': ['--no-warnings'] });
    assert.deepEqual(flags, ['--no-warnings', '--import=tsx', '--import=./a.js']);
  });

  test('sets what the kernel then says, under the pid of the launcher', () => {
    const { launcher } = start({
      'rlimit-as': 4096,
      'rlimit-nofile': 200,
      'rlimit-nproc': 3000,
      'rlimit-core': '0',
      'worker-nice': 2,
    });
    const limits = outputOf([...launcher, 'cat', '/proc/self/limits']);
    assert.match(limits, /^Max address space +4294967296 +4294967296 /m);
    assert.match(limits, /^Max open files +200 +200 /m);
    assert.match(limits, /^Max processes +3000 +3000 /m);
    assert.match(limits, /^Max core file size +0 +0 /m);
    const told = outputOf([...launcher, 'sh', '-c', 'echo $PPID $(nice)']);
    const [parent, nice] = told.trim().split(' ');
    assert.equal(Number(parent), process.pid);
    assert.equal(Number(nice), Number(execFileSync('nice', { encoding: 'utf8' })) + 2);
  });
});

describe('the trial of a start', () => {
  test('passes what works', () => {
    const fine = start({
      'rlimit-nofile': 200,
      'worker-nice': 1,
      'node-option': ['--no-warnings'],
    });
    assert.deepEqual(probeStart(fine, { nice: 1, owner: null }), { ok: true, value: null });
  });

  test('tells of an address space that Node cannot live in', () => {
    const tried = probeStart(start({ 'rlimit-as': 64 }), { nice: 0, owner: null });
    assert.ok(!tried.ok);
    assert.match(tried.error, /^no worker can be started under its limits: .*\S/);
  });

  test('tells what Node says of a flag', () => {
    const wrong = start({ 'node-option': ['--max-old-space-size'] });
    const tried = probeStart(wrong, { nice: 0, owner: null });
    assert.ok(!tried.ok);
    assert.match(tried.error, /^no worker can be started with --max-old-space-size: .*\S/);
  });
});

describe('a module to import', () => {
  test('is a package of the folder or of one above, or a file', (t) => {
    const folder = makeFolder(t, { 'pre.js': '' });
    mkdirSync(path.join(folder, 'node_modules/@a/b'), { recursive: true });
    mkdirSync(path.join(folder, 'sub'));
    const fine = ['@a/b', '@a/b/register', 'node:fs', '../pre.js', path.join(folder, 'pre.js')];
    assert.equal(importProblem(fine, path.join(folder, 'sub')), null);
  });

  test('that is missing is named with the remedy', (t) => {
    const folder = makeFolder(t, {});
    assert.match(
      importProblem(['./x.js'], folder) ?? '',
      /there is no file \S+\/x\.js: name one that is there$/,
    );
    assert.match(
      importProblem(['no-such-package/esm'], folder) ?? '',
      /there is no package no-such-package in .*: npm install no-such-package, or write \.\/FILE$/,
    );
  });
});
