import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseRollup } from '../../../server/master/unshared-memory.js';

describe('the unshared memory of a process', () => {
  test('is what its pages share with nobody, clean, dirty and huge', () => {
    const text = [
      '55d0c0c0e000-7ffd2a5f7000 ---p 00000000 00:00 0                  [rollup]',
      'Rss:               70000 kB',
      'Pss:               40000 kB',
      'Shared_Clean:      35000 kB',
      'Private_Clean:      1000 kB',
      'Private_Dirty:     34000 kB',
      'Private_Hugetlb:    2048 kB',
      'Swap:                  7 kB',
    ].join('\n');
    assert.deepEqual(parseRollup(text), {
      uss: (1000 + 34000 + 2048) * 1024,
      pss: 40_000 * 1024,
    });
  });

  test('is read from the real file of this process', { skip: process.platform !== 'linux' }, () => {
    const memory = parseRollup(readFileSync('/proc/self/smaps_rollup', 'utf8'));
    assert.ok(memory !== null && memory.uss > 1024 * 1024);
    assert.ok(memory.pss >= memory.uss && memory.pss < 2 * process.memoryUsage.rss());
  });

  test('is not known from any other text, and nothing throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.equal(parseRollup(text), null);
      }),
    );
  });
});
