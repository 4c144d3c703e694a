import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOGGER_METRICS } from '../../../server/metrics/rows/loggers.js';
import { smallDocument } from '../../support/small-document.js';

test('a logger that is given twice, for requests and for the rest, is one series', () => {
  const logger = { name: 'file:a', lines: 1, bytes: 20, dropped: 3 };
  const other = { name: 'stdio', lines: 4, bytes: 50, dropped: 0 };
  const document = { ...smallDocument(0), loggers: [logger, other, logger] };
  const samples = LOGGER_METRICS.map((metric) => [metric.name, metric.read(document)]);
  const of = (first: number, second: number) => [
    { labels: [['logger', 'file:a']], value: first },
    { labels: [['logger', 'stdio']], value: second },
  ];
  assert.deepEqual(samples, [
    ['tsuwsgi_log_lines', of(2, 4)],
    ['tsuwsgi_log_bytes', of(40, 50)],
    ['tsuwsgi_log_dropped_lines', of(6, 0)],
  ]);
});
