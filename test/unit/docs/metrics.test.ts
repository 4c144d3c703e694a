import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sampleName } from '../../../server/metrics/metric.js';
import { METRICS } from '../../../server/metrics/table.js';
import { ROOT } from '../../support/server.js';
import { plain, table } from '../../support/markdown-table.js';

/** docs/metrics.md lists every metric; run with UPDATE_README=1 to write it. */

const FILE = path.join(ROOT, 'docs/metrics.md');
const BLOCK = /(<!-- metrics: made from server\/metrics\/table\.ts -->\n)[^]*?(<!-- end -->)/;

function metrics(): string {
  return table(
    ['name', 'type', 'unit', 'labels', 'what it is'],
    METRICS.map((metric) => [
      `\`${sampleName(metric)}\``,
      metric.type,
      metric.unit,
      metric.labels.map((label) => `\`${label}\``).join(' '),
      metric.help,
    ]),
  );
}

test('docs/metrics.md lists every metric with type, unit, labels and meaning', () => {
  const generated = (text: string): string =>
    text.replace(BLOCK, (_, open: string, end: string) => `${open}\n${metrics()}\n\n${end}`);
  const text = readFileSync(FILE, 'utf8');
  assert.match(text, BLOCK);
  if (process.env['UPDATE_README'] === '1') writeFileSync(FILE, generated(text));
  const now = readFileSync(FILE, 'utf8');
  assert.equal(plain(generated(now)), plain(now), 'run with UPDATE_README=1');
});
