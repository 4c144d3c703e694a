import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import type makeProgram from 'blessed/lib/program.js';
import type makeBox from 'blessed/lib/widgets/box.js';
import type { BlessedBox } from 'blessed/lib/widgets/box.js';
import type makeScreen from 'blessed/lib/widgets/screen.js';
import type { BlessedScreen } from 'blessed/lib/widgets/screen.js';
import type makeSparkline from 'blessed-contrib/lib/widget/sparkline.js';
import type { SparklineWidget } from 'blessed-contrib/lib/widget/sparkline.js';
import type { Row } from './cells.js';
import { createInk, type Strip } from './ink.js';

// Not imported: Node would first read these CommonJS files for the names that they export. And not
// `blessed` itself, which loads forty widgets more.
const require = createRequire(import.meta.url);
const createProgram = require('blessed/lib/program.js') as typeof makeProgram;
const createScreen = require('blessed/lib/widgets/screen.js') as typeof makeScreen;
const createBox = require('blessed/lib/widgets/box.js') as typeof makeBox;

/** The only file that touches blessed and blessed-contrib: their hazards end here. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Place extends Size {
  readonly x: number;
  readonly y: number;
}

/** A box on the canvas. */
export interface Widget {
  /** Shows these rows there, each as wide as the place; what lies beyond the screen is cut. */
  show(place: Place, rows: readonly Row[]): void;
  hide(): void;
  /** Above everything that was raised before. */
  raise(): void;
}

export interface SparklineBox extends Widget {
  /** The values as blocks of eight heights from zero to the greatest; a gap is a space. */
  blocks(values: readonly (number | null)[]): string;
}

export interface Canvas {
  textBox(): Widget;
  sparklineBox(): SparklineBox;
  /** The bytes that turn what the terminal shows into the widgets as they are now. */
  render(): string;
  /** A new size, or a terminal of unknown content: the next `render` draws everything. */
  reset(size: Size): void;
  destroy(): void;
}

/** Where blessed writes to: nowhere. */
class Nowhere extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  readonly columns = 1;
  readonly rows = 1;

  write(): boolean {
    return true;
  }
}

/**
 * Boxes that blessed keeps and puts in order, and that ink.ts draws. What was learned about blessed,
 * each with a test:
 * - it would change the terminal's modes, write half a frame, read keys (ours are decoded in
 *   input-decoder.ts), and compare every cell of the screen: it gets no real stream, and its drawing
 *   is taken off;
 * - it would compile a terminfo for its drawing, which it misreads where entries have 32 bits, and
 *   run tmux to ask for its version: it does neither;
 * - it would print crashes and turn signals into exit code 0: its handlers are taken off;
 * - a hidden or moved box leaves its cells behind: every line is put together anew.
 */
export function createCanvas(size: Size): Canvas {
  const screen = withoutEffects(createBlindScreen);
  let ink = createInk(size.width, size.height);
  let lines: Strip[][] = [];
  const lineAt = (y: number): Strip[] => (lines[y] ??= []);
  return {
    textBox: () => widget(lineAt, createBox({ parent: screen, tags: false })),
    sparklineBox() {
      const box = createSparkline(screen);
      return { ...widget(lineAt, box), blocks: (values) => blocksOf(box, values) };
    },
    render() {
      lines = [];
      screen.render();
      return ink.draw(lines);
    },
    reset({ width, height }) {
      ink = createInk(width, height);
    },
    destroy() {
      screen.program.isAlt = false;
      screen.destroy();
    },
  };
}

/** A screen of blessed that takes itself for entered, and knows nothing of any terminal. */
function createBlindScreen(): BlessedScreen {
  const program = createProgram({
    input: new PassThrough(),
    output: new Nowhere(),
    terminal: 'xterm',
    buffer: true,
    tput: false,
  });
  program.setupTput = () => undefined;
  program.tput = { unicode: true, strings: {}, bools: {}, numbers: {} };
  program.isAlt = true;
  const screen = createScreen({ program });
  screen.lines = [];
  screen.draw = () => undefined;
  return screen;
}

/** Loaded when one is shown: it brings all of blessed. */
function createSparkline(parent: BlessedScreen): SparklineWidget {
  const sparkline = require('blessed-contrib/lib/widget/sparkline.js') as typeof makeSparkline;
  return sparkline({ parent, tags: false, style: { titleFg: 'white' } });
}

/** What a screen of blessed listens to on the process, for all screens together. */
const PROCESS_EVENTS = ['uncaughtException', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'exit'];

/** Makes something of blessed's; takes off the handlers that it put on the process, and hides tmux. */
function withoutEffects<T>(make: () => T): T {
  const before = new Set(PROCESS_EVENTS.flatMap((event) => process.rawListeners(event)));
  const { TMUX } = process.env;
  delete process.env['TMUX'];
  const made = make();
  if (TMUX !== undefined) process.env['TMUX'] = TMUX;
  for (const event of PROCESS_EVENTS) {
    for (const listener of process.rawListeners(event)) {
      if (!before.has(listener)) process.off(event, listener as () => void);
    }
  }
  return made;
}

/**
 * Makes a box lay its rows as they are: blessed's own way through `setContent` obeys escape
 * sequences in the text, breaks lines, and takes longer.
 */
function widget(lineAt: (y: number) => Strip[], box: BlessedBox): Widget {
  let drawn: readonly Row[] = [];
  box.render = () => {
    if (box.hidden) return;
    const { left, top } = box.position;
    drawn.forEach((row, down) => {
      if (top + down >= 0) lineAt(top + down).push({ row, left });
    });
  };
  return {
    show({ x, y, width, height }, rows) {
      Object.assign(box.position, { left: x, top: y, width, height });
      drawn = rows;
      box.hidden = false;
    },
    hide() {
      box.hidden = true;
    },
    raise() {
      box.setFront();
    },
  };
}

/** Seven steps of a thousand: within the 32 bits of the widget's arithmetic. */
const FULL = 7000;

/**
 * The blocks that blessed-contrib's sparkline draws, with its manners mended: it draws two columns
 * less than its width, scales from the smallest value instead of zero, shows gaps as values, and
 * wraps the line in a title, a colon and line ends. So it draws into a stand-in of the width that
 * is needed, with zero and the greatest value in front, and only the blocks are kept.
 */
function blocksOf(box: SparklineWidget, values: readonly (number | null)[]): string {
  let drawn = '';
  const standIn = Object.create(box, {
    width: { value: values.length + 4 },
    setContent: { value: (content: string) => (drawn = content) },
  }) as SparklineWidget;
  const known = values.map((value) => (value !== null && value > 0 ? value : 0));
  const greatest = Math.max(0, ...known.filter(Number.isFinite));
  const scaled = known.map((value) =>
    greatest > 0 ? Math.round((Math.min(value, greatest) / greatest) * FULL) : 0,
  );
  standIn.setData([''], [[0, FULL, ...scaled]]);
  const blocks = (drawn.split('\r\n')[2] ?? '').slice(2);
  return blocks.replace(/./gu, (block, at: number) => (values[at] === null ? ' ' : block));
}
