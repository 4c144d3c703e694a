import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { workerFlags } from '../../../server/master/v8-flags.js';

/** As on a Node that has none of the flags that depend on its version. */
function flagsOf(inherited: readonly string[], nodeOptions: string, young: number): string[] {
  return workerFlags(inherited, nodeOptions, young, new Set());
}

describe('the flags of Node that a worker is started with', () => {
  test('let the young generation begin at the size that is asked for', () => {
    assert.deepEqual(flagsOf([], '', 16), ['--min-semi-space-size=16']);
  });

  test('raise the limit where V8 would not let it be so large', () => {
    assert.deepEqual(flagsOf([], '', 64), ['--min-semi-space-size=64', '--max-semi-space-size=64']);
  });

  test('say nothing of it for 0', () => {
    assert.deepEqual(flagsOf([], '', 0), []);
  });

  test('leave alone what the user has set, in either place and either spelling', () => {
    assert.deepEqual(flagsOf(['--max-semi-space-size=4'], '', 16), ['--max-semi-space-size=4']);
    assert.deepEqual(flagsOf([], '--max_semi_space_size=4', 16), []);
  });

  test('are those of the master, without what only one process can have', () => {
    const flags = flagsOf(['--import', './x.js', '--inspect=0', '--watch', '--test'], '', 0);
    assert.deepEqual(flags, ['--import', './x.js']);
  });

  test('keep SIGUSR1 from opening the inspector, where Node has a flag for that', () => {
    const known = new Set(['--disable-sigusr1']);
    assert.deepEqual(workerFlags(['--import', './x.js'], '', 0, known), [
      '--disable-sigusr1',
      '--import',
      './x.js',
    ]);
  });
});
