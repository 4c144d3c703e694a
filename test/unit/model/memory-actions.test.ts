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
  typed,
} from '../../support/dashboard.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';

const MB = 1024 * 1024;
const heap = { heap_used: 100 * MB, heap_total: 150 * MB };
const document = () => instance([worker(1, heap), worker(2, heap)]);

const ready = (): Model =>
  play(start(), [tick(1), operate, instanceAt(1, document()), ...keys('4', 'end')]).model;

const identity = { worker: 1, pid: 21_409, spawned: NOW - 273_600 };
const sent = (messages: readonly Message[], model = ready()) =>
  play(model, messages).effects.filter(({ type }) => type === 'command');
const shown = (messages: readonly Message[], model = ready()): string =>
  JSON.stringify(view(play(model, messages).model));

test('M offers what can be done to the heap, and each is asked first, with Cancel as the default', () => {
  assert.deepEqual(sent(keys('M')), []);
  for (const [downs, name] of (['gc', 'heap-snapshot'] as const).entries()) {
    const chosen = ['M', ...Array<string>(downs).fill('down'), 'enter'];
    assert.deepEqual(sent(keys(...chosen, 'enter')), [], 'the default is to cancel');
    assert.deepEqual(sent(keys(...chosen, 'right', 'enter')), [
      { type: 'command', id: 1, command: { name, ...identity } },
    ]);
  }
  assert.deepEqual(sent(keys('M', 'end', 'up', 'enter', 'right', 'enter')), [
    { type: 'command', id: 1, command: { name: 'heap-profile', seconds: 10, ...identity } },
  ]);
  assert.deepEqual(sent(keys('M', 'end', 'enter')), []);
  assert.deepEqual(sent(keys('M', 'end', 'enter', 'right', 'enter')), [
    { type: 'command', id: 1, command: { name: 'compare-snapshots', ...identity } },
  ]);
});

test('the question before a snapshot says what it costs', () => {
  const text = shown(keys('M', 'down', 'enter'));
  assert.match(text, /the worker is blocked for about 10 s/);
  assert.match(text, /a file of 100M to 200M on the server, and 300M of memory to make it/);
  assert.match(text, /1 of 2 workers serve meanwhile/);
});

const prompt = (line: string): Message[] => keys(':', ...typed(line), 'enter');

test('the same is typed with a worker, and for a profile with its length', () => {
  assert.deepEqual(sent([...prompt('gc 1'), ...keys('right', 'enter')]), [
    { type: 'command', id: 1, command: { name: 'gc', ...identity } },
  ]);
  assert.deepEqual(sent([...prompt('heap-profile 1 3s'), ...keys('right', 'enter')]), [
    { type: 'command', id: 1, command: { name: 'heap-profile', seconds: 3, ...identity } },
  ]);
  assert.deepEqual(sent([...prompt('compare-snapshots 1'), ...keys('right', 'enter')]), [
    { type: 'command', id: 1, command: { name: 'compare-snapshots', ...identity } },
  ]);
  assert.match(shown(prompt('heap-profile 1 61s')), /is no length of a profile: type 1s to 60s/);
  assert.match(shown(prompt('gc 9')), /is no worker, there are 1 2/);
  assert.match(shown(prompt('heap-snapshot')), /heap-snapshot of which worker/);
});

test('a real uWSGI, and a server that may only be read, refuse with the reason', () => {
  const uwsgi = instance([worker(1)], { server: 'uwsgi' });
  const real = play(start(), [tick(1), operate, instanceAt(1, uwsgi), ...keys('4', 'end')]).model;
  assert.match(shown(keys('M'), real), /a uWSGI knows of no JavaScript heap/);
  const reason = 'the server runs with --stats-read-only';
  const readOnly = client({ type: 'control', at: 2, control: { available: false, reason } });
  assert.match(shown([readOnly, key('M')]), /--stats-read-only/);
  assert.deepEqual(sent([readOnly, ...prompt('gc 1'), ...keys('right', 'enter')]), []);
});

test('progress stands in the place of the reply, and keeps the command from being overdue', () => {
  const asked = play(ready(), keys('M', 'down', 'enter', 'right', 'enter')).model;
  const told = play(asked, [
    client({ type: 'reply', at: 10, id: 1, ok: true, code: 'accepted', message: 'writing' }),
    client({ type: 'progress', at: 140_000, id: 1, message: '40 %\u001b[2J of the heap' }),
    tick(200_000),
  ]).model;
  const [command] = told.commands;
  assert.equal(command?.state, 'accepted');
  assert.ok(command.message.startsWith('40 %') && !command.message.includes('\u001b'));
});

test('who allocates is shown when a heap profile ends, as text that moves nothing', () => {
  const asked = play(ready(), keys('M', 'end', 'up', 'enter', 'right', 'enter')).model;
  const message =
    '10 s of heap profile in /s/x\nabout 9M\n  5M  55.0%  grow\u001b[2J (/app.js:1:2)';
  const outcome = client({ type: 'outcome', at: 20, id: 1, ok: true, code: 'done', message });
  const { model } = play(asked, [outcome]);
  assert.equal(model.overlay.kind, 'allocators');
  const text = shown([outcome], asked);
  assert.match(text, /Who allocates in worker 1/);
  assert.match(text, /5M {2}55\.0% {2}grow/);
  assert.doesNotMatch(text, /\\u001b/);
  assert.equal(play(model, [key('escape')]).model.overlay.kind, 'none');
});

test('where a heap snapshot was written is told in full, whatever a path holds', () => {
  const asked = play(ready(), keys('M', 'down', 'enter', 'right', 'enter')).model;
  const file = `/srv/${'long-'.repeat(30)}/heap-worker-1.heapsnapshot`;
  const message = `worker 1 (pid 21409): heap snapshot in ${file}\u001b[2J: 5M`;
  const outcome = client({ type: 'outcome', at: 20, id: 1, ok: true, code: 'done', message });
  const { model } = play(asked, [outcome]);
  assert.equal(model.overlay.kind, 'event');
  const panels = view(model).panels.flatMap((panel) => (panel.kind === 'text' ? [panel] : []));
  const dialog = panels.find(({ id }) => id === 'dialog')?.lines ?? [];
  const text = dialog
    .map((line) =>
      line
        .map((part) => part.text)
        .join('')
        .trim(),
    )
    .join('');
  assert.ok(text.includes(file.slice(-40)), text);
  assert.ok(!text.includes('\u001b'));
  assert.equal(play(model, [key('escape')]).model.overlay.kind, 'none');
  const busy = play(asked, [key('?'), outcome]).model;
  assert.equal(busy.overlay.kind, 'help', 'it interrupts nothing');
});

test('what grew is shown when two snapshots were compared, and the list scrolls', () => {
  const asked = play(ready(), prompt('compare-snapshots 1')).model;
  const classes = Array.from({ length: 35 }, (_, index) => `  1  2  +1  Class${index}\u001b[2J`);
  const message = ['worker 1 (pid 21409): from a to b', ' HEAD', ' all', ...classes].join('\n');
  const outcome = client({ type: 'outcome', at: 20, id: 1, ok: true, code: 'done', message });
  const { model } = play(asked, [...keys('right', 'enter'), outcome]);
  const text = JSON.stringify(view(model));
  assert.match(text, /What grew in worker 1/);
  assert.match(text, /\+1 {2}Class0\?\[2J/);
  assert.doesNotMatch(text, /Class34/);
  assert.match(JSON.stringify(view(play(model, keys('end')).model)), /Class34/);
  assert.equal(play(model, [key('escape')]).model.overlay.kind, 'none');
});
