import assert from 'node:assert/strict';
import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { createPainter, type Painter } from '../../../top/terminal/painter.js';
import { themeFor } from '../../../top/terminal/theme.js';
import type { Frame, Panel, StyleName } from '../../../top/view/frame.js';
import { makeFolder } from '../../support/folder.js';
import { createEmulator, type Emulator } from '../../support/terminal.js';

const frame = (panels: readonly Panel[], width = 40, height = 10): Frame => ({
  width,
  height,
  panels,
  title: 'test',
});

const text = (id: string, lines: readonly string[], place: Partial<Panel> = {}): Panel => ({
  ...{ id, kind: 'text', x: 0, y: 0, width: 40, height: lines.length },
  ...(place as object),
  lines: lines.map((line) => [{ text: line, style: 'normal' as const }]),
});

/** A painter and the terminal that shows what it paints. */
function easel(t: TestContext, width = 40, height = 10, ascii = false) {
  const painter = createPainter({ width, height }, themeFor(256), ascii);
  const terminal = createEmulator(width, height);
  t.after(() => {
    painter.destroy();
    terminal.dispose();
  });
  return { painter, terminal, paint: (shown: Frame) => terminal.feed(painter.paint(shown)) };
}

test('lines stand where their panel says, cut at its edges', async (t) => {
  const { terminal, paint } = easel(t);
  await paint(
    frame([text('a', ['hello', 'a line that is too long'], { x: 3, y: 2, width: 10, height: 2 })]),
  );
  assert.deepEqual(terminal.rows().slice(1, 5), ['', '   hello', '   a line tha', '']);
});

test('a border is drawn with line characters and bears its title', async (t) => {
  const { terminal, paint } = easel(t);
  const box: Panel = {
    ...{ kind: 'text', id: 'box', x: 1, y: 1, width: 12, height: 4 },
    lines: [[{ text: 'inside', style: 'normal' }]],
    border: { title: 'Help', style: 'dim' },
  };
  await paint(frame([box]));
  assert.deepEqual(terminal.rows().slice(1, 5), [
    ' ┌ Help ────┐',
    ' │inside    │',
    ' │          │',
    ' └──────────┘',
  ]);
  assert.equal(terminal.cell(1, 1).fg, themeFor(256).dim.fg);
});

test('a lower border bears the ends of an axis, and stays bare where they do not fit', async (t) => {
  const { terminal, paint } = easel(t);
  const box = (width: number): Panel => ({
    ...{ kind: 'text', id: 'a', x: 0, y: 0, width, height: 2, lines: [] },
    border: { title: '', style: 'dim', foot: ['-5m', 'now'] },
  });
  await paint(frame([box(18)]));
  assert.equal(terminal.rows()[1], '└─ -5m ──── now ─┘');
  await paint(frame([box(12)]));
  assert.equal(terminal.rows()[1], '└──────────┘');
});

test('in ASCII nothing but ASCII is sent', async (t) => {
  const { painter, terminal, paint } = easel(t, 40, 10, true);
  const panels: Panel[] = [
    {
      ...{ kind: 'text', id: 'box', x: 0, y: 0, width: 12, height: 3 },
      lines: [[{ text: '● busy', style: 'work' }]],
      border: { title: 'é', style: 'dim' },
    },
    {
      ...{ kind: 'sparkline', id: 's', title: 'rps', x: 0, y: 4, width: 10, height: 2 },
      values: [0, 1, 2, 4, null, 8],
      style: 'work',
    },
  ];
  await paint(frame(panels));
  assert.deepEqual(terminal.rows().slice(0, 6), [
    '+ ? ------+ '.trim().padEnd(11, '-').replace(/.$/, '-+'),
    '|? busy    |',
    '+----------+',
    '',
    'rps',
    '    __.= #',
  ]);
  painter.reset({ width: 40, height: 10 });
  assert.doesNotMatch(painter.paint(frame(panels)), /\P{ASCII}/u);
});

test('styles become colours and attributes', async (t) => {
  const { terminal, paint } = easel(t);
  const styles: StyleName[] = ['work', 'alarm', 'selected', 'header', 'bright'];
  await paint(
    frame([
      {
        ...{ kind: 'text', id: 'a', x: 0, y: 0, width: 40, height: 1 },
        lines: [styles.map((style) => ({ text: 'x', style }))],
      },
    ]),
  );
  const theme = themeFor(256);
  styles.forEach((style, x) => {
    const { fg, bg, bold, underline } = terminal.cell(x, 0);
    assert.deepEqual(
      { fg, bg, bold, underline },
      {
        fg: theme[style].fg,
        bg: theme[style].bg,
        bold: theme[style].bold ?? false,
        underline: theme[style].underline ?? false,
      },
      style,
    );
  });
});

test('a sparkline ends at its right edge, starts from zero and leaves gaps empty', async (t) => {
  const { terminal, paint } = easel(t);
  const spark = (values: readonly (number | null)[], height = 2): Panel => ({
    ...{ kind: 'sparkline', id: 's', title: 'requests/s {red-bg}', x: 2, y: 1, width: 12, height },
    values,
    style: 'work',
  });
  await paint(frame([spark([5, 5, null, 10, 10])]));
  assert.deepEqual(terminal.rows().slice(1, 3), ['  requests/s {', '         ▄▄ ██']);
  assert.equal(terminal.cell(13, 2).fg, themeFor(256).work.fg);
  assert.equal(terminal.cell(2, 1).fg, themeFor(256).dim.fg);
  await paint(frame([spark([0, 0, 0])]));
  assert.equal(terminal.rows()[2], '           ▁▁▁');
  await paint(frame([spark(Array.from({ length: 50 }, (_, at) => at * 1e15))]));
  assert.equal(terminal.rows()[2], '  ▆▆▆▆▇▇▇▇▇▇▇█');
  await paint(frame([spark([1, 2, 4], 1)]));
  assert.deepEqual(terminal.rows().slice(1, 3), ['           ▂▄█', '']);
  await paint(frame([spark([NaN, -3, Infinity, 2])]));
  assert.equal(terminal.rows()[2]?.length, 14);
});

test('a later panel covers an earlier one, and what it covered returns', async (t) => {
  const { terminal, paint } = easel(t);
  const below = text('below', ['aaaaaaaa', 'bbbbbbbb']);
  const above = text('above', ['XX'], { x: 2, y: 0, width: 4, height: 1 });
  await paint(frame([below, above]));
  assert.equal(terminal.rows()[0], 'aaXX  aa');
  await paint(frame([above, below]));
  assert.equal(terminal.rows()[0], 'aaaaaaaa');
  await paint(frame([below, above]));
  await paint(frame([below]));
  assert.deepEqual(terminal.rows().slice(0, 2), ['aaaaaaaa', 'bbbbbbbb']);
  await paint(frame([]));
  assert.equal(terminal.screen().trim(), '');
});

test('an unchanged frame sends nothing, a small change sends little', (t) => {
  const { painter } = easel(t);
  const lines = Array.from({ length: 10 }, (_, y) => `worker ${y} busy ${y * 7}`);
  const whole = painter.paint(frame([text('table', lines)]));
  assert.equal(painter.paint(frame([text('table', [...lines])])), '');
  lines[4] = 'worker 4 idle 28';
  const changed = painter.paint(frame([text('table', lines)]));
  assert.ok(changed.length < 60 && whole.length > 150, `${changed.length} of ${whole.length}`);
});

test('what servers say is text: no tag, no escape sequence, no wide or joining character', async (t) => {
  const { painter, terminal } = easel(t);
  const hostile = '{red-bg}\x1b[41m\u009b5m\u202e\u0301漢🐈\t\n\x07é';
  const bytes = painter.paint(frame([text('a', [hostile])]));
  assert.doesNotMatch(bytes, /[\u0080-\u009f\u202e\t]/);
  await terminal.feed(bytes);
  assert.equal(terminal.rows()[0], '{red-bg}?[41m?5m???????é');
  assert.equal(terminal.cell(0, 0).bg, undefined);
});

test('panels beyond the edges, without room or of one cell are harmless', async (t) => {
  const { terminal, paint } = easel(t, 5, 3);
  const border = { title: 'title', style: 'dim' as const };
  type Box = readonly [x: number, y: number, width: number, height: number];
  const tiny = (id: string, ...[x, y, width, height]: Box): Panel => ({
    ...{ kind: 'text', id, x, y, width, height, border },
    lines: [[{ text: 'abc', style: 'normal' }]],
  });
  await paint(
    frame(
      [
        tiny('a', -3, -1, 6, 3),
        tiny('b', 4, 2, 9, 9),
        tiny('c', 0, 0, 0, 5),
        tiny('d', 0, 0, 3, 0),
        tiny('e', 2, 0, 1, 1),
        tiny('f', 99, 99, 2, 2),
      ],
      5,
      3,
    ),
  );
  assert.deepEqual(terminal.rows(), ['c ┌', '──┘', '    ┌']);
});

test('after a resize everything is drawn anew at the new size', async (t) => {
  const { painter, terminal, paint } = easel(t);
  await paint(frame([text('a', ['before'])]));
  for (const [width, height] of [
    [20, 5],
    [1, 1],
    [120, 40],
  ] as const) {
    terminal.resize(width, height);
    painter.reset({ width, height });
    await paint(frame([text('a', ['after'], { width, height: 1 })], width, height));
    assert.deepEqual(terminal.rows(), [
      'after'.slice(0, width),
      ...Array<string>(height - 1).fill(''),
    ]);
  }
});

test('painting leaves no listener of the process behind', () => {
  const events = ['exit', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'uncaughtException'] as const;
  const counts = () => events.map((event) => process.listenerCount(event));
  const before = counts();
  createPainter({ width: 10, height: 3 }, themeFor(256), false).destroy();
  assert.deepEqual(counts(), before);
});

test('within tmux nothing is run to ask for its version', (t) => {
  const folder = makeFolder(t, { tmux: '#!/bin/sh\n: > "${0%/*}/asked"\n' });
  chmodSync(path.join(folder, 'tmux'), 0o755);
  const { PATH, TMUX } = process.env;
  t.after(() => {
    process.env['PATH'] = PATH;
    if (TMUX === undefined) delete process.env['TMUX'];
    else process.env['TMUX'] = TMUX;
  });
  process.env['PATH'] = folder;
  process.env['TMUX'] = '/tmp/tmux,1,0';
  createPainter({ width: 10, height: 3 }, themeFor(256), false).destroy();
  assert.equal(existsSync(path.join(folder, 'asked')), false);
  assert.equal(process.env['TMUX'], '/tmp/tmux,1,0');
});

const styles = Object.keys(themeFor(256)) as StyleName[];
const anyPanel = (id: string): fc.Arbitrary<Panel> => {
  const place = {
    id: fc.constant(id),
    x: fc.integer({ min: -2, max: 30 }),
    y: fc.integer({ min: -1, max: 9 }),
    width: fc.integer({ min: 0, max: 30 }),
    height: fc.integer({ min: 0, max: 8 }),
  };
  const span = fc.record({
    text: fc.string({
      unit: fc.constantFrom('a', 'Z', ' ', '│', '●', '漢', '🐈', '\x1b', '{'),
      maxLength: 12,
    }),
    style: fc.constantFrom(...styles),
  });
  const lines = fc.array(fc.array(span, { maxLength: 4 }), { maxLength: 8 });
  const style = fc.constantFrom(...styles);
  const word = fc.string({ maxLength: 8 });
  const border = { title: word, style, foot: fc.tuple(word, word) };
  const values = fc.array(fc.option(fc.nat(100)), { maxLength: 40 });
  return fc.oneof(
    fc.record({ ...place, kind: fc.constant('text' as const), lines }),
    fc.record({
      ...place,
      kind: fc.constant('text' as const),
      lines,
      border: fc.record(border, { requiredKeys: ['title', 'style'] }),
    }),
    fc.record({
      ...place,
      kind: fc.constant('sparkline' as const),
      title: fc.string(),
      values,
      style,
    }),
  );
};
const anyFrame = fc
  .subarray(['a', 'b', 'c', 'd'])
  .chain((ids) => fc.shuffledSubarray(ids))
  .chain((ids) => fc.tuple(...ids.map(anyPanel)))
  .map((panels) => frame(panels, 30, 8));

async function shown(painter: Painter, terminal: Emulator, frames: readonly Frame[]) {
  for (const each of frames) await terminal.feed(painter.paint(each));
  return terminal.cells();
}

test('after any frames, one after another, the terminal shows what a fresh one would', async (t) => {
  const { painter } = easel(t, 30, 8);
  const fresh = createPainter({ width: 30, height: 8 }, themeFor(256), false);
  t.after(() => {
    fresh.destroy();
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyFrame, { minLength: 2, maxLength: 6 }), async (frames) => {
      const [incremental, once] = [createEmulator(30, 8), createEmulator(30, 8)];
      painter.reset({ width: 30, height: 8 });
      fresh.reset({ width: 30, height: 8 });
      assert.deepEqual(
        await shown(painter, incremental, frames),
        await shown(fresh, once, frames.slice(-1)),
      );
      incremental.dispose();
      once.dispose();
    }),
    { numRuns: 60 },
  );
});
