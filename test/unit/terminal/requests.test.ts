import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { createScreen } from '../../../top/terminal/screen.js';
import { themeFor } from '../../../top/terminal/theme.js';
import type { Frame } from '../../../top/view/frame.js';
import { createEmulator } from '../../support/terminal.js';

class Keyboard extends EventEmitter {
  resume(): void {
    // Keys are not needed here.
  }
  pause(): void {
    // Nor is their end.
  }
}

class Paper extends EventEmitter {
  readonly written: string[] = [];
  columns = 40;
  rows = 5;
  write = (text: string | Uint8Array): boolean => this.written.push(String(text)) > 0;
}

const LOOK = { theme: themeFor(256), ascii: false, mouse: true };

function set() {
  const output = new Paper();
  const nothing = (): void => undefined;
  const screen = createScreen({
    ...{ input: new Keyboard(), output, hushed: [], ...LOOK },
    ...{ onInput: nothing, onResize: nothing, onLoss: nothing },
  });
  screen.enter();
  return { screen, output, take: () => output.written.splice(0).join('') };
}

const ALARM: Frame = {
  ...{ width: 40, height: 5, title: 'cats' },
  panels: [
    {
      ...{ kind: 'text', id: 'a', x: 0, y: 0, width: 10, height: 1 },
      lines: [[{ text: 'fire', style: 'alarm' }]],
    },
  ],
};

test('other looks show in the next frame, though nothing else changed', async () => {
  const { screen, take } = set();
  const terminal = createEmulator(40, 5);
  screen.paint(ALARM);
  await terminal.feed(take());
  assert.equal(terminal.cell(0, 0).fg, 196);
  screen.dress({ ...LOOK, theme: themeFor(256, 'light') });
  screen.paint(ALARM);
  await terminal.feed(take());
  assert.equal(terminal.cell(0, 0).fg, 160);
  screen.close();
  terminal.dispose();
});

test('the mouse is asked for and given back at once, and is remembered over a stop', async () => {
  const { screen, take } = set();
  const terminal = createEmulator(40, 5);
  await terminal.feed(take());
  assert.ok(terminal.modes.has(1000) && terminal.modes.has(1006));
  screen.dress({ ...LOOK, mouse: false });
  screen.leave();
  screen.enter();
  await terminal.feed(take());
  assert.ok(!terminal.modes.has(1000) && !terminal.modes.has(1006));
  screen.dress(LOOK);
  await terminal.feed(take());
  assert.ok(terminal.modes.has(1000));
  screen.close();
  await terminal.feed(take());
  assert.ok(!terminal.modes.has(1000) && !terminal.modes.has(1006));
  terminal.dispose();
});

test('text for the clipboard is base64 in one sequence, 100 KB at most', () => {
  const { screen, take } = set();
  take();
  assert.ok(screen.copy('WID\t3\n'));
  assert.equal(take(), `\u001b]52;c;${Buffer.from('WID\t3\n').toString('base64')}\u0007`);
  assert.equal(screen.copy('é'.repeat(51_201)), false);
  assert.equal(take(), '');
  screen.leave();
  take();
  assert.equal(screen.copy('after it was left'), false);
  assert.equal(take(), '');
  screen.close();
});
