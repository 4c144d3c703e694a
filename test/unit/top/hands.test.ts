import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '../../../shared/result.js';
import { runApp, type AppParts } from '../../../top/app.js';
import type { Effect, Message } from '../../../top/model/message.js';
import type { SessionHandlers } from '../../../top/terminal/session.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const effectsOf: Readonly<Record<string, readonly Effect[]>> = {
  y: [{ type: 'copy' }],
  s: [{ type: 'save', text: 'theme: mono' }],
  t: [{ type: 'appearance', appearance: { theme: 'mono', ascii: false, mouse: true } }],
};

/** What a person did and was told, as one text. */
function update(heard: string, message: Message): readonly [string, readonly Effect[]] {
  switch (message.type) {
    case 'key':
      return [heard + message.key, effectsOf[message.key] ?? []];
    case 'told':
      return [`${heard}"${message.text}"`, []];
    case 'click':
      return [`${heard}[${message.target.kind}]`, []];
    case 'wheel':
      return [`${heard}(${message.step})`, []];
    case 'client':
    case 'paste':
    case 'resize':
    case 'tick':
      return [heard, []];
  }
}

/** An app whose terminal only writes down what is asked of it. */
function stage(more: Partial<AppParts<string>>) {
  const clock = createVirtualClock();
  const log: string[] = [];
  let handlers: SessionHandlers | undefined;
  const nothing = (): void => undefined;
  const app = runApp<string>({
    ...{ initial: '', update, clock },
    view: (title) => ({ width: 80, height: 24, panels: [], title }),
    connection: {
      ...{ setInterval: nothing, refresh: nothing, close: nothing },
      onEvent: () => nothing,
      command: () => new Promise(nothing),
    },
    open(given) {
      handlers = given;
      return {
        ...{ paint: nothing, redraw: nothing, suspend: nothing, close: nothing },
        size: () => ({ width: 80, height: 24 }),
        dress: ({ theme }) => log.push(`dress ${theme}`),
        copy: (text) => log.push(`copy ${text}`) > 0,
      };
    },
    ...more,
  });
  clock.advance(0);
  const press = (...keys: readonly string[]): void => {
    for (const key of keys) handlers?.onInput({ type: 'key', key });
  };
  return { app, log, press, handlers: () => handlers };
}

test('looks, the clipboard and the file are asked for, and what became of it is told', () => {
  const { app, log, press } = stage({
    save: (text) => ok(`written: ${text}`),
    copied: () => ok({ text: 'a\tb\n', what: 'worker 1 (1 line)' }),
  });
  press('t', 'y', 's');
  assert.ok(log.includes('dress mono') && log.includes('copy a\tb\n'));
  assert.match(app.model, /"copied worker 1 \(1 line\), if the terminal lets/);
  assert.match(app.model, /"written: theme: mono"/);
});

test('what there is not to copy is told, and nothing is sent', () => {
  const { app, log, press } = stage({ copied: () => err('mark a worker first') });
  press('y');
  assert.match(app.model, /"mark a worker first"/);
  assert.ok(!log.some((line) => line.startsWith('copy')));
});

test('a click means what is painted there, and nothing where nothing is', () => {
  const line = [{ text: 'quit', style: 'key', target: { kind: 'key', key: 'q' } }] as const;
  const { app, handlers } = stage({
    view: () => ({
      ...{ width: 80, height: 24, title: '' },
      panels: [{ kind: 'text', id: 'a', x: 2, y: 1, width: 10, height: 1, lines: [line] }],
    }),
  });
  handlers()?.onInput({ type: 'press', x: 0, y: 1 });
  handlers()?.onInput({ type: 'press', x: 6, y: 1 });
  assert.equal(app.model, '');
  handlers()?.onInput({ type: 'press', x: 2, y: 1 });
  handlers()?.onInput({ type: 'wheel', step: 1 });
  assert.equal(app.model, '[key](1)');
});
