import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { NEW_LIVE_STATE, receive, type LiveState } from '../../../top/client/live-state.js';
import { PendingCommands } from '../../../top/client/pending-commands.js';

const BOOT_ID = '0123456789abcdef';
const HELLO = {
  type: 'hello',
  protocol: 1,
  version: '0.1.0',
  boot_id: BOOT_ID,
  nonce: 'ab'.repeat(32),
  control: null,
};
const stats = (requests: number): object => ({
  boot_id: BOOT_ID,
  workers: [{ id: 1, pid: 2, status: 'idle', requests }],
});

/** Feeds messages in, and gives the types of what each of them led to. */
function play(...messages: readonly unknown[]): { state: LiveState; actions: string[][] } {
  let state = NEW_LIVE_STATE;
  const actions = messages.map((message) => {
    const [next, led] = receive(state, JSON.stringify(message));
    state = next;
    return led.map((action) => action.type);
  });
  return { state, actions };
}

const snapshot = (seq: number): object => ({ type: 'snapshot', seq, stats: stats(seq) });
const delta = (seq: number): object => ({
  type: 'delta',
  seq,
  delta: { '+': { workers: { '#': 1, '@': { '0': { '+': { requests: { '=': seq } } } } } } },
});

describe('a live connection', () => {
  test('greets, then follows documents by their numbers', () => {
    const { state, actions } = play(HELLO, snapshot(0), delta(1), delta(2), {
      type: 'delta',
      seq: 3,
      delta: null,
    });
    assert.deepEqual(actions, [['hello'], ['document'], ['document'], ['document'], ['document']]);
    assert.equal(state.current?.seq, 3);
    assert.deepEqual(state.current.value, stats(2));
  });

  test('after a gap waits for a whole document, unseen', () => {
    const { actions } = play(HELLO, snapshot(0), delta(2), delta(3), snapshot(3), delta(4));
    assert.deepEqual(actions.slice(2), [['resync'], [], ['document'], ['document']]);
  });

  test('says what is wrong from the second time on, and gives up after five', () => {
    const bad = { type: 'delta', seq: -1 };
    const { actions } = play(HELLO, bad, bad, bad, bad, bad, bad);
    const again = ['problem', 'resync'];
    assert.deepEqual(actions.slice(1), [['resync'], again, again, again, again, ['fail']]);
  });

  test('forgives what was wrong once a document came', () => {
    const bad = { type: 'delta', seq: -1 };
    const round = [bad, bad, bad, bad, snapshot(1)];
    const { actions } = play(HELLO, ...round, ...round, ...round);
    assert.equal(actions.flat().includes('fail'), false);
  });

  test('is refused when it does not begin with a fitting hello', () => {
    for (const first of [snapshot(0), { ...HELLO, protocol: 2 }, 'x', { type: 'x' }]) {
      assert.deepEqual(play(first).actions, [['refuse']]);
    }
  });

  test('fails on a second hello, and on a document of another start or of an Emperor', () => {
    for (const odd of [
      HELLO,
      { type: 'snapshot', seq: 0, stats: { boot_id: 'ffffffffffffffff', workers: [] } },
      { type: 'snapshot', seq: 0, stats: { vassals: [] } },
    ]) {
      assert.deepEqual(play(HELLO, odd).actions[1], ['fail']);
    }
  });

  test('takes any message without throwing', () => {
    const message = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: fc.constantFrom('snapshot', 'delta', 'reply', 'hello'),
        seq: fc.nat(3),
        stats: fc.jsonValue(),
        delta: fc.jsonValue(),
      }),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 10 }), (messages) => {
        assert.equal(play(HELLO, snapshot(0), ...messages).actions.length, messages.length + 2);
      }),
    );
  });
});

describe('open commands', () => {
  const answer = (type: 'reply' | 'outcome', id: number, ok = true) =>
    ({ type, id, ok, code: ok ? 'accepted' : 'busy', message: '' }) as const;

  test('take one reply and one outcome each', () => {
    const pending = new PendingCommands();
    pending.sent(1);
    assert.equal(pending.accepts(answer('reply', 2)), false);
    assert.equal(pending.accepts(answer('reply', 1)), true);
    assert.equal(pending.accepts(answer('reply', 1)), false);
    assert.equal(pending.accepts(answer('outcome', 1)), true);
    assert.equal(pending.accepts(answer('outcome', 1)), false);
  });

  test('end with a refusal', () => {
    const pending = new PendingCommands();
    pending.sent(1);
    assert.equal(pending.accepts(answer('reply', 1, false)), true);
    assert.deepEqual(pending.abandon(), []);
  });

  test('are abandoned by what they still await', () => {
    const pending = new PendingCommands();
    pending.sent(1);
    pending.sent(2);
    pending.accepts(answer('reply', 2));
    const types = pending.abandon().map(({ id, type, ok }) => [id, type, ok]);
    assert.deepEqual(types, [
      [1, 'reply', false],
      [2, 'outcome', false],
    ]);
    assert.deepEqual(pending.abandon(), []);
  });
});
