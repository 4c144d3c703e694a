import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRecordingLine, recordingLine } from '../../../top/model/recording.js';
import { asJson } from '../../support/readings.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';

const STATS = asJson(instance([worker(1)]));
const arrival = { transport: 'raw', wallMs: NOW * 1000 + 123 } as const;

test('a line is the document, and says when and how it came', () => {
  const line = recordingLine({ stats: STATS, ...arrival }) ?? '';
  assert.equal(line.indexOf('\n'), line.length - 1);
  const { tsuwsgitop, ...stats } = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual(tsuwsgitop, { received_at: NOW + 0.123, transport: 'raw' });
  assert.deepEqual(stats, STATS);
});

test('what was written is read back', () => {
  const read = readRecordingLine(recordingLine({ stats: STATS, ...arrival }) ?? '');
  assert.ok(read.ok, read.ok ? '' : read.error);
  assert.equal(read.value.wallMs, arrival.wallMs);
  assert.equal(read.value.transport, 'raw');
  assert.equal(read.value.document.kind, 'instance');
});

test('a server cannot write the time of its arrival itself', () => {
  const stats = { ...(STATS as object), tsuwsgitop: { received_at: 1, transport: 'live' } };
  const read = readRecordingLine(recordingLine({ stats: asJson(stats), ...arrival }) ?? '');
  assert.equal(read.ok && read.value.wallMs, arrival.wallMs);
});

test('a line holds nothing that a terminal obeys, and means the same', () => {
  const hostile = 'a\u009b31m\u202e\u0007b';
  const line = recordingLine({ stats: { workers: [], name: hostile }, ...arrival }) ?? '';
  assert.doesNotMatch(line.trimEnd(), /\p{C}/u);
  assert.equal((JSON.parse(line) as { name: string }).name, hostile);
});

test('what is no line of a recording is refused in a sentence', () => {
  const cases = [
    ['{"workers":', /^is not JSON$/],
    ['[]', /does not say when it was read: it has no "tsuwsgitop"/],
    ['{"workers":[]}', /it has no "tsuwsgitop"/],
    ['{"tsuwsgitop":{"received_at":-1,"transport":"raw"},"workers":[]}', /has no time of arrival/],
    ['{"tsuwsgitop":{"received_at":1,"transport":"fax"},"workers":[]}', /has no time of arrival/],
    ['{"tsuwsgitop":{"received_at":1,"transport":"raw"}}', /holds no stats document/],
  ] as const;
  for (const [line, message] of cases) {
    const read = readRecordingLine(line);
    assert.match(read.ok ? '' : read.error, message);
  }
  fc.assert(fc.property(fc.string(), (text) => typeof readRecordingLine(text).ok === 'boolean'));
});
