import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ReplyCode } from '../../../shared/protocol.js';
import { OUTCOME_MS, REPLY_MS } from '../../../top/model/control-flow.js';
import { KEYMAP } from '../../../top/model/keymap.js';
import type { Message } from '../../../top/model/message.js';
import type { Model } from '../../../top/model/model.js';
import {
  busyModel,
  client,
  instanceAt,
  key,
  keys,
  operate,
  play,
  start,
  tick,
} from '../../support/dashboard.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';
import { EMPEROR } from '../../support/uwsgi-documents.js';

const document = () => instance([worker(1), worker(2), worker(3, { pid: 0, status: 'cheap' })]);

const ready = (): Model =>
  play(start(), [tick(1), operate, instanceAt(1, document()), key('down', 2)]).model;

const identity = { worker: 1, pid: 21_409, spawned: NOW - 273_600 };

function answer(
  type: 'reply' | 'outcome',
  ok: boolean,
  options: { id?: number; at?: number } = {},
): Message {
  const { id = 1, at = 10 } = options;
  const code: ReplyCode = ok ? (type === 'reply' ? 'accepted' : 'done') : 'failed';
  return client({ type, at, id, ok, code, message: ok ? 'drained in 1.2 s' : 'no such worker' });
}

const commands = (messages: readonly Message[], model = ready()) =>
  play(model, messages).effects.filter(({ type }) => type === 'command');

const state = (model: Model) => model.commands.map((sent) => `${sent.state}: ${sent.message}`);

test('R asks, and sends only after the other button was chosen', () => {
  assert.deepEqual(commands(keys('R')), []);
  assert.deepEqual(commands(keys('R', 'enter')), []);
  assert.deepEqual(commands(keys('R', 'tab', 'tab', 'enter')), []);
  assert.deepEqual(commands(keys('R', 'right', 'escape', 'enter')), []);
  assert.deepEqual(commands(keys('R', 'right', 'enter')), [
    { type: 'command', id: 1, command: { name: 'reload-worker', ...identity } },
  ]);
});

test('Ctrl-R lets one choose how all are reloaded, and then asks', () => {
  assert.deepEqual(commands(keys('ctrl-r', 'enter', 'enter')), []);
  assert.deepEqual(commands(keys('ctrl-r', 'escape', 'tab', 'enter')), []);
  for (const [downs, how] of ['rolling', 'chain', 'brutal'].entries()) {
    const chosen = ['ctrl-r', ...Array<string>(downs).fill('down'), 'enter'];
    assert.deepEqual(commands(keys(...chosen, 'enter')), [], 'the default is to cancel');
    const yes = how === 'brutal' ? ['k', 'i', 'l', 'l', 'tab', 'enter'] : ['tab', 'enter'];
    assert.deepEqual(commands(keys(...chosen, ...yes)), [
      { type: 'command', id: 1, command: { name: 'reload', how } },
    ]);
  }
});

test('a reload that ends all workers at once takes a word, as killing the last one does', () => {
  const brutal = keys('ctrl-r', 'down', 'down', 'enter');
  assert.deepEqual(commands([...brutal, ...keys('tab', 'enter')]), []);
  assert.deepEqual(commands([...brutal, ...keys('k', 'i', 'l', 'tab', 'enter')]), []);
  const model = play(ready(), [...brutal, ...keys('tab', 'enter')]).model;
  assert.match(model.hint?.text ?? '', /this ends all workers at once: type kill first/);
});

test('F9 and K let one choose the signal, and then ask', () => {
  for (const kill of ['f9', 'K']) {
    assert.deepEqual(commands(keys(kill, 'enter', 'enter')), []);
    assert.deepEqual(commands(keys(kill, 'down', 'down', 'down', 'enter', 'left', 'enter')), [
      { type: 'command', id: 1, command: { name: 'kill-worker', signal: 'KILL', ...identity } },
    ]);
  }
});

test('every command has an id of its own', () => {
  const sent = commands([...keys('R', 'tab', 'enter'), ...keys('R', 'tab', 'enter')]);
  assert.deepEqual(
    sent.map((effect) => effect.type === 'command' && effect.id),
    [1, 2],
  );
});

test('reply and outcome are entered under their id, and an outcome asks for a fresh document', () => {
  const sent = play(ready(), keys('R', 'tab', 'enter', 'R', 'tab', 'enter')).model;
  const accepted = play(sent, [answer('reply', true, { id: 2 })]).model;
  assert.deepEqual(state(accepted), ['sent: ', 'accepted: drained in 1.2 s']);
  const { model, effects } = play(accepted, [answer('outcome', true, { id: 2 })]);
  assert.deepEqual(state(model), ['sent: ', 'done: drained in 1.2 s']);
  assert.deepEqual(effects, [{ type: 'refresh' }]);
  assert.deepEqual(state(play(model, [answer('outcome', true, { id: 77 })]).model), state(model));
});

test('a refusal and a failure say why', () => {
  const sent = play(ready(), keys('R', 'tab', 'enter')).model;
  assert.deepEqual(state(play(sent, [answer('reply', false)]).model), ['failed: no such worker']);
  const failed = play(sent, [answer('reply', true), answer('outcome', false)]).model;
  assert.deepEqual(state(failed), ['failed: no such worker']);
  const late = play(failed, [answer('reply', true)]).model;
  assert.deepEqual(state(late), ['failed: no such worker']);
});

test('a command without answer or outcome times out, and a late outcome still counts', () => {
  const sent = play(ready(), keys('R', 'tab', 'enter')).model;
  assert.deepEqual(state(play(sent, [tick(REPLY_MS)]).model), ['sent: ']);
  const silent = play(sent, [tick(REPLY_MS + 2)]).model;
  assert.deepEqual(state(silent), ['timed-out: no answer within 10 s']);
  const accepted = play(sent, [answer('reply', true), tick(REPLY_MS + 20)]).model;
  assert.deepEqual(state(accepted), ['accepted: drained in 1.2 s']);
  const overdue = play(accepted, [tick(10 + OUTCOME_MS.worker)]).model;
  assert.deepEqual(state(overdue), ['timed-out: no outcome within 150 s']);
  assert.deepEqual(state(play(overdue, [answer('outcome', true)]).model), [
    'done: drained in 1.2 s',
  ]);
});

test('when the connection breaks, open commands are said to be unknown', () => {
  const sent = play(ready(), keys('R', 'tab', 'enter')).model;
  const gone = client({ type: 'disconnected', at: 50, message: 'ECONNRESET', retryInMs: 500 });
  assert.deepEqual(state(play(sent, [gone]).model), [
    'lost: the connection broke before the outcome was known',
  ]);
});

test('nothing is sent when the process was replaced while the question stood', () => {
  const asked = play(ready(), keys('R', 'tab')).model;
  const other = instance([worker(1, { pid: 5 }), worker(2)]);
  const { model, effects } = play(asked, [instanceAt(1001, other), key('enter')]);
  assert.deepEqual(effects, []);
  assert.equal(model.hint?.text, 'worker 1 (pid 21409) is gone: nothing was sent');
  const menu = play(ready(), [...keys('K'), instanceAt(1001, other), key('enter')]);
  assert.equal(menu.model.overlay.kind, 'none');
});

test('nothing is sent when control or the connection went while the question stood', () => {
  const asked = play(ready(), keys('ctrl-r', 'enter', 'tab')).model;
  const refused = client({ type: 'control', at: 5, control: { available: false, reason: 'no' } });
  assert.deepEqual(commands([refused, key('enter')], asked), []);
  const gone = client({ type: 'disconnected', at: 50, message: 'x', retryInMs: 500 });
  assert.deepEqual(commands([gone, key('enter')], asked), []);
});

test('keys without effect say why instead of opening a dialog', () => {
  const reason = (model: Model, name: string): string | undefined => {
    const { model: next } = play(model, [key(name)]);
    assert.equal(next.overlay.kind, 'none');
    return next.hint?.text;
  };
  const unmarked = play(start(), [tick(1), operate, instanceAt(1, document())]).model;
  assert.equal(reason(unmarked, 'R'), 'mark a worker first, with the arrow keys');
  assert.equal(reason(play(unmarked, keys('end')).model, 'K'), 'no process runs as worker 3');
  assert.equal(reason(start(), 'ctrl-r'), 'not connected');
  const readOnly = client({
    type: 'control',
    at: 1,
    control: { available: false, reason: 'the server is read-only\u001b[2J' },
  });
  assert.equal(reason(play(ready(), [readOnly]).model, 'f9'), 'the server is read-only?[2J');
  const hidden = play(ready(), keys('/', 'z', 'enter')).model;
  assert.equal(reason(hidden, 'R'), 'the marked worker is hidden by the filter');
  const replaced = play(ready(), [instanceAt(1001, instance([worker(1, { pid: 9 })]))]).model;
  assert.match(reason(replaced, 'R') ?? '', /^the marked process is gone/);
  const small = play(ready(), [{ type: 'resize', width: 19, height: 24 }]).model;
  assert.match(reason(small, 'ctrl-r') ?? '', /too small to ask/);
  const emperor = client({
    type: 'document',
    at: 2,
    transport: 'raw',
    document: { kind: 'emperor', emperor: EMPEROR, damaged: false },
  });
  assert.match(reason(play(ready(), [emperor]).model, 'ctrl-r') ?? '', /^an Emperor/);
});

const everyKey = [
  ...new Set([
    ...KEYMAP.flatMap(({ keys: names }) => names),
    ...['enter', 'tab', 'backtab', 'left', 'right', 'l', 'y', 'Y', 'space', 'delete', 'ctrl-u'],
  ]),
];

const anyKey = fc.constantFrom(...everyKey).map((name): Message => key(name));
const anyPaste = fc.string().map((text): Message => ({ type: 'paste', at: 0, text }));

test('no sequence of keys and pastes without Enter on the other button sends a command', () => {
  const noEnter = fc.oneof(
    {
      weight: 9,
      arbitrary: anyKey.filter((message) => message.type === 'key' && message.key !== 'enter'),
    },
    { weight: 1, arbitrary: anyPaste },
  );
  fc.assert(
    fc.property(fc.array(noEnter, { maxLength: 60 }), (messages) => {
      assert.deepEqual(commands(messages), []);
    }),
    { numRuns: 500 },
  );
});

test('a command that changes something is sent only by Enter while the question stands with its other button chosen', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyKey, anyPaste), { maxLength: 80 }), (messages) => {
      let model = busyModel(80, 24, { seconds: 1 });
      for (const message of messages) {
        const { overlay } = model;
        const { model: next, effects } = play(model, [message]);
        // Asking for a stack changes nothing: `t` does so at once.
        const sent = effects.filter(
          (effect) => effect.type === 'command' && effect.command.name !== 'traceback',
        );
        if (sent.length > 0) {
          assert.ok(overlay.kind === 'confirm' && overlay.focus === 'act');
          assert.ok(message.type === 'key' && message.key === 'enter');
          assert.deepEqual(
            sent.map((effect) => effect.type === 'command' && effect.command),
            overlay.commands,
          );
        }
        model = next;
      }
    }),
    { numRuns: 200 },
  );
});
