import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { workerFlags } from '../../../server/master/v8-flags.js';

describe('the flags of Node that a worker is started with', () => {
  test('let the young generation begin at the size that is asked for', () => {
    assert.deepEqual(workerFlags([], '', 16), ['--min-semi-space-size=16']);
  });

  test('raise the limit where V8 would not let it be so large', () => {
    assert.deepEqual(workerFlags([], '', 64), [
      '--min-semi-space-size=64',
      '--max-semi-space-size=64',
    ]);
  });

  test('say nothing of it for 0', () => {
    assert.deepEqual(workerFlags([], '', 0), []);
  });

  test('leave alone what the user has set, in either place and either spelling', () => {
    assert.deepEqual(workerFlags(['--max-semi-space-size=4'], '', 16), ['--max-semi-space-size=4']);
    assert.deepEqual(workerFlags([], '--max_semi_space_size=4', 16), []);
  });

  test('are those of the master, without what only one process can have', () => {
    const flags = workerFlags(['--import', './x.js', '--inspect=0', '--watch', '--test'], '', 0);
    assert.deepEqual(flags, ['--import', './x.js']);
  });
});
