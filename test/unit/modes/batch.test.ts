import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runBatch } from '../../../top/modes/batch.js';
import type { ClientEvent } from '../../../top/model/client-event.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

/** A batch that writes the numbers of its readings, and what can be done to it. */
function rig(settings: { count?: number; comesBack?: boolean } = {}) {
  let hear: (event: ClientEvent) => void = () => undefined;
  let drained = (): void => undefined;
  let gone = (): void => undefined;
  const seen = { written: [] as string[], told: [] as string[], closed: false, slow: false };
  const clock = createVirtualClock();
  const batch = runBatch({
    connection: {
      onEvent: (listener) => {
        hear = listener as typeof hear;
        return () => (hear = () => undefined);
      },
      close: () => (seen.closed = true),
    },
    arrival: () => clock.wallMs(),
    intervalMs: 1000,
    count: settings.count,
    comesBack: settings.comesBack ?? true,
    format: ({ number }) => `${number}\n`,
    output: {
      write: (text) => {
        seen.written.push(text.trim());
        return !seen.slow;
      },
      onDrain: (call) => (drained = call),
      onGone: (call) => (gone = call),
    },
    tell: (message) => seen.told.push(message),
  });
  return {
    ...{ seen, batch },
    leave: () => {
      gone();
    },
    drain: () => {
      seen.slow = false;
      drained();
    },
    lose: (message: string) => {
      hear({ type: 'disconnected', at: clock.now(), message, retryInMs: 250 });
    },
    show: () => {
      const instance = { workers: [] };
      const document = { kind: 'instance', instance, damaged: false } as const;
      hear({ type: 'document', at: clock.now(), transport: 'live', document, stats: {} });
      clock.advance(1000);
    },
  };
}

test('after as many readings as were asked for it ends with 0, its connection closed', async () => {
  const { seen, batch, show } = rig({ count: 2 });
  for (let turn = 0; turn < 4; turn++) show();
  assert.deepEqual(await batch.ended, { code: 0 });
  assert.deepEqual(seen.written, ['1', '2']);
  assert.equal(seen.closed, true);
});

test('that a server is lost is told once, and once that it is back', () => {
  const { seen, show, lose } = rig();
  show();
  lose('nothing listens on :1');
  lose('nothing listens on :1');
  show();
  show();
  assert.deepEqual(seen.told, ['nothing listens on :1; it is tried again', 'the server is back']);
  assert.deepEqual(seen.written, ['1', '2', '3']);
});

test('what a server says of itself cannot reach the terminal', () => {
  const { seen, lose } = rig({ comesBack: false });
  lose('\u001b[2Jgone');
  assert.deepEqual(seen.told, ['?[2Jgone']);
});

test('a reader that has gone ends it with 0', async () => {
  const { seen, batch, show, leave } = rig();
  show();
  leave();
  assert.deepEqual(await batch.ended, { code: 0 });
  show();
  assert.deepEqual(seen.written, ['1']);
});

test('while the reader is slow readings are left out, and the last is waited for', async () => {
  const { seen, batch, show, drain } = rig({ count: 2 });
  seen.slow = true;
  show();
  show();
  show();
  assert.deepEqual(seen.written, ['1']);
  drain();
  seen.slow = true;
  show();
  assert.deepEqual(seen.written, ['1', '2']);
  assert.equal(seen.closed, false);
  drain();
  assert.deepEqual(await batch.ended, { code: 0 });
});
