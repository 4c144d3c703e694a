import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSyncWriter } from '../../../server/spooler/master-link.js';
import { createProgressTeller } from '../../../server/spooler/progress-teller.js';
import {
  decodeSpoolerFrame,
  decodeSpoolerOrder,
  encodeSpoolerFrame,
  type SpoolerFrame,
} from '../../../server/wire/spooler-frames.js';

test('every frame of a spooler is read as it was written', () => {
  const figures = { waiting: 1, delayed: 2, in_progress: 3, failed: 4, oldest_age_s: null };
  const counts = { ...figures, paused: true };
  const frames: readonly SpoolerFrame[] = [
    { type: 'ready' },
    { type: 'same' },
    { type: 'leaves', why: 'was sent SIGHUP' },
    { type: 'began', id: 'a1', name: 'resize', attempt: 1, timeoutMs: 500 },
    { type: 'progress', id: 'a1', share: 0.5 },
    { type: 'ended', id: 'a1', how: 'retried', ms: 12.5 },
    { type: 'failed', id: 'a1', name: 'resize', attempts: 4, error: 'Error: no cat' },
    { type: 'counts', counts },
    { type: 'answer', ask: 1, ok: true, message: 'paused' },
    { type: 'stderr', lines: ['no cat', ''] },
  ];
  for (const frame of frames)
    assert.deepEqual(decodeSpoolerFrame(encodeSpoolerFrame(frame)), frame);
  assert.deepEqual(decodeSpoolerOrder('{"type":"work"}'), { type: 'work' });
  const ask = { type: 'ask', ask: 1, act: 'drop', task: 'a1' } as const;
  assert.deepEqual(decodeSpoolerOrder(encodeSpoolerFrame(ask)), ask);
});

test('what is no frame is passed over', () => {
  for (const line of [
    ...['', 'x', '[]', '{"type":"began"}', '{"type":"progress","id":"a","share":2}'],
    '{"type":"began","id":"a\\u001b[2J","name":"x","attempt":1,"timeoutMs":null}',
    '{"type":"ended","id":"a","how":"lost","ms":1}',
    '{"type":"failed","id":"a b","name":"x","attempts":1,"error":""}',
    '{"type":"failed","id":"a","name":"x","attempts":0,"error":""}',
    '{"type":"counts","counts":{"waiting":-1}}',
    '{"type":"counts","counts":{"waiting":1,"delayed":2,"in_progress":3,"failed":4,"oldest_age_s":null}}',
    '{"type":"stderr","lines":[1]}',
  ]) {
    assert.equal(decodeSpoolerFrame(line), null, line);
  }
  assert.equal(decodeSpoolerOrder('{"type":"dance"}'), null);
  assert.equal(decodeSpoolerOrder('{"type":"ask","ask":1,"act":"eat","task":null}'), null);
});

test('a line that the master has no room for is written later, in order', () => {
  let room = 3;
  let written = '';
  const writer = createSyncWriter((bytes) => {
    if (room === 0) throw new Error('EAGAIN');
    const part = bytes.subarray(0, room);
    room -= part.length;
    written += part.toString();
    return part.length;
  });
  writer.write('one\n');
  writer.write('two\n');
  assert.equal(written, 'one');
  room = 100;
  writer.flush();
  assert.equal(written, 'one\ntwo\n');
});

test('progress is told five times a second at most, and its end always', () => {
  let now = 0;
  const told: number[] = [];
  const teller = createProgressTeller(
    (_, share) => void told.push(share),
    () => now,
  );
  for (const share of [0.1, 0.2, 0.3]) teller.told('a', share);
  now = 200;
  teller.told('a', 0.4);
  teller.told('a', 1);
  assert.deepEqual(told, [0.1, 0.4, 1]);
});
