import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { recordingEnd } from '../../../top/client/recording-end.js';
import { recordingLine } from '../../../top/model/recording.js';
import { makeFolder } from '../../support/folder.js';

const line = (wallMs: number, more: Record<string, string> = {}): string =>
  recordingLine({ stats: { workers: [], ...more }, transport: 'raw', wallMs }) ?? '';

const endOf = (t: TestContext, text: string): Promise<number | null> =>
  recordingEnd(path.join(makeFolder(t, { 'x.ndjson': text }), 'x.ndjson'));

test('the last line tells when a recording ends', async (t) => {
  assert.equal(await endOf(t, line(1000) + line(2000) + line(61_500)), 61_500);
  assert.equal(await endOf(t, line(1000)), 1000);
});

test('a line longer than what is read at first is found too', async (t) => {
  assert.equal(await endOf(t, line(1000) + line(7000, { long: 'x'.repeat(300_000) })), 7000);
});

test('a last line that broke off is no document: the one before it counts', async (t) => {
  assert.equal(await endOf(t, line(1000) + line(2000) + line(3000).slice(0, -5)), 2000);
});

test('where it cannot be told it is not known', async (t) => {
  assert.equal(await endOf(t, ''), null);
  assert.equal(await endOf(t, 'no recording\n'), null);
  assert.equal(await recordingEnd('/dev/null'), null);
  assert.equal(await recordingEnd(path.join(makeFolder(t, {}), 'none')), null);
});
