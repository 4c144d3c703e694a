import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { MAX_HELD } from '../../../top/terminal/hush.js';
import type { InputEvent } from '../../../top/terminal/input-decoder.js';
import { createScreen, sizeOf } from '../../../top/terminal/screen.js';
import { themeFor } from '../../../top/terminal/theme.js';
import type { Size } from '../../../top/terminal/widgets.js';
import type { Frame } from '../../../top/view/frame.js';
import { createEmulator } from '../../support/terminal.js';

class Keyboard extends EventEmitter {
  private raw = false;
  private flowing = false;
  state(): string {
    return `${this.raw ? 'raw' : 'cooked'}, ${this.flowing ? 'flowing' : 'paused'}`;
  }
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  resume(): void {
    this.flowing = true;
  }
  pause(): void {
    this.flowing = false;
  }
}

class Paper extends EventEmitter {
  readonly written: string[] = [];
  /** What was written since the last call. */
  taken(): string[] {
    return this.written.splice(0);
  }
  columns = 40;
  rows = 10;
  write = (text: string | Uint8Array): boolean => {
    this.written.push(String(text));
    return true;
  };
}

function set() {
  const [input, output, stderr] = [new Keyboard(), new Paper(), new Paper()];
  const events: InputEvent[] = [];
  const sizes: Size[] = [];
  const losses: string[] = [];
  const screen = createScreen({
    ...{ input, output, theme: themeFor(256), ascii: false, mouse: true, hushed: [output, stderr] },
    onInput: (event) => events.push(event),
    onResize: (size) => sizes.push(size),
    onLoss: (loss) => losses.push(loss),
  });
  return { input, output, stderr, screen, events, sizes, losses };
}

const saying = (text: string, title = 'cats'): Frame => ({
  ...{ width: 40, height: 10, title },
  panels: [
    {
      ...{ kind: 'text', id: 'a', x: 0, y: 0, width: 40, height: 1 },
      lines: [[{ text, style: 'normal' }]],
    },
  ],
});

test('entering takes the alternate screen, leaving gives everything back', async () => {
  const { input, output, screen } = set();
  const terminal = createEmulator(40, 10);
  await terminal.feed('$ tsuwsgitop\r\n');
  screen.enter();
  screen.paint(saying('hello'));
  await terminal.feed(output.taken().join(''));
  assert.equal(terminal.buffer(), 'alternate');
  assert.equal(terminal.rows()[0], 'hello');
  assert.equal(terminal.title(), 'cats');
  assert.deepEqual([...terminal.modes].sort(), [1000, 1006, 1049, 2004]);
  assert.equal(input.state(), 'raw, flowing');

  output.taken();
  screen.close();
  await terminal.feed(output.taken().join(''));
  assert.equal(terminal.buffer(), 'normal');
  assert.equal(terminal.rows()[0], '$ tsuwsgitop');
  assert.deepEqual([...terminal.modes], [25]);
  assert.equal(input.state(), 'cooked, paused');
  terminal.dispose();
});

test('a frame is one synchronized write, and an unchanged one is none', () => {
  const { output, screen } = set();
  screen.enter();
  output.taken();
  screen.paint(saying('one'));
  screen.paint(saying('one'));
  screen.paint(saying('two'));
  const frames = output.taken();
  assert.equal(frames.length, 2);
  for (const bytes of frames) {
    assert.ok(bytes.startsWith('\x1b[?2026h') && bytes.endsWith('\x1b[?2026l'));
  }
  screen.close();
});

test('nothing is painted while the screen is left, and closing twice is harmless', () => {
  const { output, screen } = set();
  screen.paint(saying('too early'));
  assert.deepEqual(output.taken(), []);
  screen.enter();
  screen.leave();
  screen.leave();
  screen.close();
  screen.close();
  screen.enter();
  screen.paint(saying('too late'));
  const written = output.taken();
  assert.equal(written.filter((text) => text.includes('\x1b[?1049l')).length, 1);
  assert.doesNotMatch(written.join(''), /too/);
});

test('after leaving and entering again the whole picture is drawn', async () => {
  const { output, screen, sizes } = set();
  screen.enter();
  screen.paint(saying('still here'));
  screen.leave();
  output.taken();
  output.columns = 20;
  screen.enter();
  screen.paint(saying('still here'));
  const terminal = createEmulator(20, 10);
  await terminal.feed(output.taken().join(''));
  assert.equal(terminal.rows()[0], 'still here');
  assert.equal(terminal.title(), 'cats');
  assert.deepEqual(sizes.at(-1), { width: 20, height: 10 });
  terminal.dispose();
  screen.close();
});

test('what libraries write meanwhile tears nothing and is told afterwards, within bounds', () => {
  const { output, stderr, screen } = set();
  screen.enter();
  output.taken();
  stderr.write('warning: something\n');
  output.write('stray output\n');
  stderr.write('x'.repeat(MAX_HELD * 2));
  assert.deepEqual(output.taken(), []);
  assert.deepEqual(stderr.taken(), []);
  screen.close();
  const told = stderr.taken().join('');
  assert.match(told, /^warning: something\nstray output\nx/);
  assert.equal(told.length, MAX_HELD);
  stderr.write('direct');
  assert.deepEqual(stderr.taken(), ['direct']);
});

test('keys and pastes are heard while entered only', () => {
  const { input, events, screen } = set();
  const type = (text: string): void => {
    input.emit('data', new TextEncoder().encode(text));
  };
  type('a');
  screen.enter();
  type('b\x1b[');
  type('A');
  screen.leave();
  type('c');
  screen.enter();
  type('d');
  screen.close();
  assert.deepEqual(
    events.map((event) => event.type === 'key' && event.key),
    ['b', 'up', 'd'],
  );
});

test('a lone ESC is the escape key after a moment', async () => {
  const input = new Keyboard();
  const heard = await new Promise<InputEvent>((resolve) => {
    const screen = createScreen({
      ...{ input, output: new Paper(), theme: themeFor(0), ascii: true, mouse: false, hushed: [] },
      onInput(event) {
        screen.close();
        resolve(event);
      },
      onResize: () => undefined,
      onLoss: () => undefined,
    });
    screen.enter();
    input.emit('data', Uint8Array.of(0x1b));
  });
  assert.deepEqual(heard, { type: 'key', key: 'escape' });
});

test('a terminal that goes away is told from a broken pipe', () => {
  const { input, output, screen, losses } = set();
  screen.enter();
  input.emit('end');
  input.emit('error', new Error('EIO'));
  output.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  output.emit('error', Object.assign(new Error('write EIO'), { code: 'EIO' }));
  assert.deepEqual(losses, ['hang-up', 'hang-up', 'broken-pipe', 'hang-up']);
  screen.close();
  output.emit('error', new Error('a late one crashes nothing'));
});

test('a resize asks for a frame of the new size', async () => {
  const { output, screen, sizes } = set();
  screen.enter();
  Object.assign(output, { columns: 20, rows: 5 });
  output.emit('resize');
  assert.deepEqual(sizes.at(-1), { width: 20, height: 5 });
  output.taken();
  screen.paint(saying('narrow'));
  const terminal = createEmulator(20, 5);
  await terminal.feed(output.taken().join(''));
  assert.equal(terminal.rows()[0], 'narrow');
  terminal.dispose();
  screen.close();
});

test('sizes that cannot be are replaced', () => {
  assert.deepEqual(sizeOf({ columns: 0, rows: 0 }), { width: 80, height: 24 });
  assert.deepEqual(sizeOf({}), { width: 80, height: 24 });
  assert.deepEqual(sizeOf({ columns: NaN, rows: 65_535 }), { width: 80, height: 2000 });
  assert.deepEqual(sizeOf({ columns: 1, rows: 1 }), { width: 1, height: 1 });
});

test('a hostile title cannot leave its sequence', () => {
  const { output, screen } = set();
  screen.enter();
  output.taken();
  screen.paint(saying('x', 'a\x1b\\b\x07c\u009cd\u202ee'));
  assert.ok(output.taken()[0]?.includes('\x1b]2;a\\bcde\x07'));
  screen.close();
});
