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
    'configuration waits: http: :1 → :2 · 1 more · takes an upgrade (SIGUSR2) or a restart',
  );
  assert.equal(
    told({ pending, problems: ['app.ini:4: \u001b[2Jno'] }),
    'configuration refused: app.ini:4: ?[2Jno · the one from before holds',
  );
});

test('of a long path the file and the line are told', () => {
  assert.equal(
    told({ files: ['/etc/shop/app.ini'], problems: ['/etc/shop/app.ini:4: no', 'x'] }),
    'configuration refused: app.ini:4: no · 1 more · the one from before holds',
  );
});
