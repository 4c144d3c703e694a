import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControlState } from '../../../top/model/client-event.js';
import type { Model } from '../../../top/model/model.js';
import { dialogPanel } from '../../../top/view/dialog-view.js';
import { matchGolden } from '../../support/golden.js';
import { frameText } from '../../support/frame-text.js';
import { view } from '../../../top/view/view.js';
import { arrival, client, instanceAt, keys, play, start, tick } from '../../support/dashboard.js';
import { EMPEROR, uwsgiInstance } from '../../support/uwsgi-documents.js';

const NO_FIFO = 'needs master-fifo in uWSGI, and --fifo PATH';
const BY_SIGNALS = { chain: NO_FIFO, brutal: NO_FIFO, scale: NO_FIFO };

/** The dashboard of a uWSGI whose third worker is marked, and which may be steered so far. */
function steered(limits?: Extract<ControlState, { available: true }>['limits']): Model {
  const control = { available: true, ...(limits !== undefined && { limits }) } as const;
  return play(start(80, 24), [
    tick(1),
    client({ type: 'control', at: 1, control }),
    instanceAt(1, uwsgiInstance()),
    ...keys('down', 'down'),
  ]).model;
}

const sent = (model: Model, ...names: string[]) =>
  play(model, keys(...names)).effects.filter(({ type }) => type === 'command');

const dialogText = (model: Model, ...names: string[]): string => {
  const panel = dialogPanel(play(model, keys(...names)).model);
  assert.ok(panel?.kind === 'text');
  return panel.lines.map((line) => line.map(({ text }) => text).join('')).join('\n');
};

test('the menus of a real uWSGI say what its reloads and signals do', () => {
  const model = steered(BY_SIGNALS);
  matchGolden('uwsgi-reload-menu-80x24.txt', frameText(view(play(model, keys('ctrl-r')).model)));
  matchGolden('uwsgi-signal-menu-80x24.txt', frameText(view(play(model, keys('f9')).model)));
  matchGolden(
    'uwsgi-reload-80x24.txt',
    frameText(view(play(model, keys('ctrl-r', 'enter')).model)),
  );
});

test('a way that needs the FIFO is refused with the option that would help', () => {
  const model = play(steered(BY_SIGNALS), keys('ctrl-r', 'down', 'enter')).model;
  assert.equal(model.overlay.kind, 'none');
  assert.equal(model.hint?.text, NO_FIFO);
  assert.deepEqual(sent(steered(BY_SIGNALS), 'A', 'right', 'enter'), []);
  assert.deepEqual(sent(steered(), 'ctrl-r', 'down', 'enter', 'right', 'enter'), [
    { type: 'command', id: 1, command: { name: 'reload', how: 'chain' } },
  ]);
});

test('without a proof of its processes a worker is not acted on, and it is said why', () => {
  const model = steered({ worker: 'process 7 does not hold the socket that answers' });
  for (const name of ['R', 'f9']) {
    const { hint, overlay } = play(model, keys(name)).model;
    assert.equal(overlay.kind, 'none');
    assert.match(hint?.text ?? '', /does not hold the socket/);
  }
  assert.equal(sent(model, 'ctrl-r', 'enter', 'right', 'enter').length, 1);
});

test('a signal that ends a uWSGI worker at once is said to cut its requests off', () => {
  const model = steered();
  assert.match(dialogText(model, 'f9', 'enter'), /1 request in flight finish/);
  assert.match(dialogText(model, 'f9', 'down', 'enter'), /1 request in flight will fail/);
  assert.match(dialogText(model, 'R'), /2 of 5 workers remain/);
});

test('one worker more or fewer is asked for, within what there are', () => {
  assert.deepEqual(sent(steered(), 'A', 'right', 'enter'), [
    { type: 'command', id: 1, command: { name: 'scale', workers: 4 } },
  ]);
  assert.deepEqual(sent(steered(), 'D', 'right', 'enter'), [
    { type: 'command', id: 1, command: { name: 'scale', workers: 2 } },
  ]);
  assert.deepEqual(sent(steered(), 'D', 'enter'), []);
});

test('a reload of uWSGI during which it cannot be reached is still waited for', () => {
  const refused = 'nothing listens on 127.0.0.1:9191';
  const document = { kind: 'instance', instance: uwsgiInstance(), damaged: false } as const;
  const polled = client({ type: 'document', at: 2, transport: 'raw', document });
  const asking = keys('ctrl-r', 'enter', 'right', 'enter');
  const asked = play(steered(), [polled, ...asking]).model;
  const away = play(asked, [
    client({ type: 'reply', at: 5, id: 1, ok: true, code: 'accepted', message: 'r written' }),
    client({ type: 'disconnected', at: 9, message: refused, retryInMs: 500 }),
  ]).model;
  assert.equal(away.commands[0]?.state, 'accepted');
});

test('an Emperor is not scaled', () => {
  const document = { kind: 'emperor', emperor: EMPEROR, damaged: false } as const;
  const model = play(steered(), [arrival(2, document)]).model;
  assert.deepEqual(sent(model, 'A', 'right', 'enter'), []);
});
