import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigStats } from '../../../shared/stats.js';
import { strayConfig } from '../../../top/model/config-diagnosis.js';

function told(change: Partial<ConfigStats>): string | undefined {
  const none = { files: [], read_at: 1, taken_at: 1, changed: [], pending: [], problems: [] };
  return strayConfig({ workers: [], config: { ...none, ...change } })?.text;
}

test('files that hold are not worth a word', () => {
  assert.equal(told({ changed: ['processes: 4 → 6'] }), undefined);
  assert.equal(strayConfig({ workers: [] }), null);
});

test('what waits for a new master is told, and files that cannot be used before it', () => {
  const pending = ['http: :1 → :2', 'name: a → b'];
  assert.equal(
    told({ pending }),
    'waits for an upgrade (SIGUSR2) or a restart: http: :1 → :2 · 1 more',
  );
  assert.equal(
    told({ pending, problems: ['app.ini:4: \u001b[2Jno'] }),
    'configuration refused, the one from before holds: app.ini:4: ?[2Jno',
  );
});
