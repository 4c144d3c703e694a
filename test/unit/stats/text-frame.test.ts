import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textFrame } from '../../../server/stats/text-frame.js';
import { readFrames } from '../../support/read-frames.js';

test('a text of any length is a frame that a client reads', () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]) {
    const text = 'x'.repeat(length);
    assert.deepEqual(readFrames(textFrame(Buffer.from(text))), [text], `${length} bytes`);
  }
});

test('its parts are one text, and one frame follows another', () => {
  const first = textFrame(Buffer.from('{"a":'), Buffer.from('"ü€😀"'), Buffer.from('}'));
  assert.deepEqual(readFrames(first, textFrame(Buffer.from('next'))), ['{"a":"ü€😀"}', 'next']);
});
