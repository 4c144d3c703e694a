import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeLauncherFrame,
  encodeLauncherFrame,
  type LauncherFrame,
} from '../../../server/daemon/launcher-frames.js';

test('each frame is read as it was written', () => {
  const frames: readonly LauncherFrame[] = [
    { type: 'started', pid: 4711 },
    { type: 'serving' },
    { type: 'failed', reason: 'its worker 1 died\n' },
    { type: 'ended', code: 22 },
  ];
  for (const frame of frames) {
    const line = encodeLauncherFrame(frame);
    assert.match(line, /^[^\n]*\n$/);
    assert.deepEqual(decodeLauncherFrame(line), frame);
  }
});

test('a reason is cut, and what is no frame is none', () => {
  const long = encodeLauncherFrame({ type: 'failed', reason: 'x'.repeat(10_000) });
  assert.equal(decodeLauncherFrame(long)?.type, 'failed');
  for (const line of ['', 'x', '[]', '{}', '{"type":"started","pid":-1}', '{"type":"ended"}']) {
    assert.equal(decodeLauncherFrame(line), null, line);
  }
});
