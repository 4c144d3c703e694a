import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../../top/model/message.js';
import type { Model } from '../../../top/model/model.js';
import { view } from '../../../top/view/view.js';
import {
  client,
  instanceAt,
  key,
  keys,
  operate,
  play,
  start,
  tick,
} from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { matchGolden } from '../../support/golden.js';
import { instance, worker } from '../../support/stats-builder.js';

/** Three workers, of which these run as new processes; the first has counted so much since. */
const pool = (renewed: readonly number[], requests = 0, exceptions = 0) =>
  instance(
    [1, 2, 3].map((id) =>
      worker(id, {
        ...(renewed.includes(id) ? { pid: 30_000 + id } : {}),
        ...(id === 1 ? { requests: 1000 + requests, exceptions: 5 + exceptions } : {}),
      }),
    ),
  );

const begin = (): Model =>
  play(start(), [tick(1), operate, instanceAt(1, pool([])), ...keys('ctrl-r', 'end', 'enter')])
    .model;

const answer = (id: number, ok: boolean, at: number): Message =>
  client({ type: 'outcome', at, id, ok, code: ok ? 'done' : 'failed', message: 'so it ended' });

const workersTold = (effects: readonly { readonly type: string }[]): unknown[] =>
  effects.flatMap((effect) =>
    effect.type === 'command' && 'command' in effect ? [effect.command] : [],
  );

/** The first worker is new, and asked about, and has done something since. */
function looking(exceptions = 0): Model {
  return play(begin(), [
    ...keys('right', 'enter'),
    instanceAt(1000, pool([1])),
    answer(1, true, 1000),
    instanceAt(13_000, pool([1], 141, exceptions)),
    tick(13_000),
  ]).model;
}

test('a canary reload asks, and begins with the first worker alone', () => {
  assert.match(frameText(view(begin())), /Reload worker 1 first, as a canary/);
  assert.deepEqual(workersTold(play(begin(), keys('enter')).effects), []);
  const sent = workersTold(play(begin(), keys('right', 'enter')).effects);
  assert.deepEqual(sent.length, 1);
  assert.deepEqual((sent[0] as { worker: number }).worker, 1);
});

test('then it tells how the first one does, and asks whether to go on', () => {
  matchGolden('canary-80x24.txt', frameText(view(looking())));
  assert.match(frameText(view(looking(2))), /2 exceptions, 141 requests/);
});

test('to stop is what Enter, Esc and q do: nothing more is sent', () => {
  for (const name of ['enter', 'escape', 'q']) {
    const { model, effects } = play(looking(), keys(name));
    assert.deepEqual(workersTold(effects), []);
    assert.equal(model.canary, null);
    assert.equal(model.hint?.text, 'canary reload stopped, 2 old ones stay');
  }
});

test('to go on replaces the others one after the other', () => {
  const going = play(looking(), keys('right', 'enter'));
  assert.equal(workersTold(going.effects).length, 1);
  assert.match(frameText(view(going.model)), /canary 1\/3, reload of worker 2/);
  const next = play(going.model, [instanceAt(14_000, pool([1, 2])), answer(2, true, 14_000)]);
  assert.equal((workersTold(next.effects)[0] as { worker: number }).worker, 3);
  const last = play(next.model, [instanceAt(15_000, pool([1, 2, 3])), answer(3, true, 15_000)]);
  assert.deepEqual(workersTold(last.effects), []);
  assert.equal(last.model.canary, null);
  assert.equal(last.model.hint?.text, 'canary reload done: 3 of 3 replaced');
});

test('a failure ends it, at the first worker and later', () => {
  const first = play(begin(), [...keys('right', 'enter'), answer(1, false, 900)]);
  assert.equal(first.model.canary, null);
  assert.equal(first.model.hint?.text, 'canary reload stopped, 3 old ones stay');
  const later = play(looking(), [...keys('right', 'enter'), answer(2, false, 14_000)]);
  assert.deepEqual(workersTold(later.effects).length, 1);
  assert.equal(later.model.hint?.text, 'canary reload stopped, 2 old ones stay');
});

test('a worker that was replaced by itself meanwhile is left out', () => {
  const model = play(looking(), [instanceAt(13_500, pool([1, 2]))]).model;
  const sent = workersTold(play(model, keys('right', 'enter')).effects);
  assert.equal((sent[0] as { worker: number }).worker, 3);
});

test('the question waits behind what the person is reading', () => {
  const reading = play(begin(), [...keys('right', 'enter'), key('?', 500)]).model;
  const done = play(reading, [instanceAt(1000, pool([1])), answer(1, true, 1000)]).model;
  assert.equal(done.overlay.kind, 'help');
  assert.equal(play(done, [key('escape', 1100)]).model.overlay.kind, 'canary');
});

test('the wheel does not turn "stop" into "go on"', () => {
  const { model } = play(looking(), [{ type: 'wheel', at: 13_100, step: 1 }]);
  assert.deepEqual(model.overlay, { kind: 'canary', focus: 'stop' });
});
