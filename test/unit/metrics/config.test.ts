import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_METRICS } from '../../../server/metrics/rows/config.js';
import { smallDocument } from '../../support/small-document.js';

test('whether the files hold, since when, and how many options wait for a new master', () => {
  const config = { files: [], read_at: 9, taken_at: 7, changed: [], pending: ['a'], problems: [] };
  const valuesOf = (problems: string[]): unknown =>
    CONFIG_METRICS.map(({ name, read }) => [
      name,
      ...read({ ...smallDocument(0), config: { ...config, problems } }).map(
        (sample) => 'value' in sample && sample.value,
      ),
    ]);
  const rest = [
    ['tsuwsgi_config_last_reload_success_timestamp_seconds', 7],
    ['tsuwsgi_config_pending', 1],
  ];
  assert.deepEqual(valuesOf([]), [['tsuwsgi_config_last_reload_successful', 1], ...rest]);
  assert.deepEqual(valuesOf(['no']), [['tsuwsgi_config_last_reload_successful', 0], ...rest]);
});
