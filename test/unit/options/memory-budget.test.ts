import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkMemoryBudget, parseMemoryBudget } from '../../../server/options/memory-budget.js';

test('a budget is megabytes, or a share of the memory', () => {
  assert.deepEqual(parseMemoryBudget('2048'), {
    ok: true,
    value: { kind: 'megabytes', megabytes: 2048 },
  });
  assert.deepEqual(parseMemoryBudget('60%'), { ok: true, value: { kind: 'percent', percent: 60 } });
});

test('what is neither is refused with what would be right', () => {
  for (const text of ['', '0', '0%', '-5', '1.5', '60 %', '2G', 'all', '%', '99999999999']) {
    assert.match(
      checkMemoryBudget(text) ?? '',
      /neither a number of MB nor a share of the memory: write one such as 2048/,
      text,
    );
  }
  assert.match(checkMemoryBudget('101%') ?? '', /more than all the memory there is/);
});
