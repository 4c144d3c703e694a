import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseRollup, readOwnMemory } from '../../../server/master/unshared-memory.js';

describe('the unshared memory of a process', () => {
  test('is what its pages share with nobody, clean, dirty and huge', () => {
    const text = [
      '55d0c0c0e000-7ffd2a5f7000 ---p 00000000 00:00 0                  [rollup]',
      'Rss:               70000 kB',
      'Pss:               40000 kB',
      'Shared_Clean:      35000 kB',
      'Shared_Dirty:         64 kB',
      'Private_Clean:      1000 kB',
      'Private_Dirty:     34000 kB',
      'Private_Hugetlb:    2048 kB',
      'Swap:                  7 kB',
    ].join('\n');
    assert.deepEqual(parseRollup(text), {
      uss: (1000 + 34000 + 2048) * 1024,
      pss: 40_000 * 1024,
      shared: (35_000 + 64) * 1024,
      swap: 7 * 1024,
    });
  });

  test('is read from the real file of this process', { skip: process.platform !== 'linux' }, () => {
    const memory = parseRollup(readFileSync('/proc/self/smaps_rollup', 'utf8'));
    assert.ok(memory !== null && memory.uss > 1024 * 1024);
    assert.ok(memory.shared > 0 && memory.swap >= 0);
    assert.ok(memory.pss >= memory.uss && memory.pss < 2 * process.memoryUsage.rss());
  });

  test('is not known where a figure is missing, or is no number that can be', () => {
    const lines = ['Pss: 4 kB', 'Shared_Clean: 3 kB', 'Private_Dirty: 1 kB', 'Swap: 0 kB'];
    assert.notEqual(parseRollup(lines.join('\n')), null);
    for (const line of lines) {
      const others = lines.filter((other) => other !== line);
      assert.equal(parseRollup(others.join('\n')), null, line);
      const hostile = line.replace(/\d+/, '9'.repeat(40));
      assert.equal(parseRollup([...others, hostile].join('\n')), null, hostile);
    }
  });

  test('of a process that is gone is not known', async () => {
    assert.equal(await readOwnMemory(2 ** 22 + 1), null);
  });

  test('is not known from any other text, and nothing throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.equal(parseRollup(text), null);
      }),
    );
  });
});
