import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import type { BlessedBox, BlessedScreen, default as Blessed } from 'blessed';
import type {
  SparklineWidget,
  default as Sparkline,
} from 'blessed-contrib/lib/widget/sparkline.js';
import type { Row } from './cells.js';
import type { Look } from './theme.js';

// Not imported: Node would first read these CommonJS files for the names that they export.
const require = createRequire(import.meta.url);
const blessed = require('blessed') as typeof Blessed;
const sparkline = require('blessed-contrib/lib/widget/sparkline.js') as typeof Sparkline;

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

/** Where blessed writes to: the bytes wait here until the frame is complete. */
class Output extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  columns: number;
  rows: number;
  private pending = '';

  constructor({ width, height }: Size) {
    super();
    this.columns = width;
    this.rows = height;
  }

  write(text: string): boolean {
    this.pending += text;
    return true;
  }

  take(): string {
    const text = this.pending;
    this.pending = '';
    return text;
  }
}

/**
 * A blessed screen that draws into memory. It gets no real stream, neither for keys (ours are
 * decoded in input-decoder.ts) nor for output, so that it can neither change the terminal's modes
 * nor write half a frame. What was learned about it, each with a test:
 * - the terminfo is the bundled `xterm-256color`: blessed misreads today's 32-bit entries. A name
 *   with a slash is looked up nowhere else;
 * - `smartCSR` leaves wrong cells behind, and `fullUnicode` tears lines with emoji: both stay off;
 * - line drawing would go out as ACS letters unless ACS is "broken";
 * - it would print crashes and turn signals into exit code 0: its handlers are taken off;
 * - a hidden or moved box leaves its cells behind: every render starts from a blank screen, and
 *   only what differs from the terminal's content is sent.
 */
export function createCanvas(size: Size): Canvas {
  const output = new Output(size);
  const program = blessed.program({
    input: new PassThrough(),
    output,
    terminal: '/xterm-256color',
    forceUnicode: true,
    buffer: true,
    tput: true,
  });
  program.tput.brokenACS = true;
  const screen = withoutHandlers(() =>
    blessed.screen({ program, smartCSR: false, fullUnicode: false }),
  );
  const taken = (): string => {
    program.flush();
    return output.take();
  };
  // What blessed wants to tell the terminal at its start is told by control-sequences.ts.
  taken();
  return {
    textBox: () => widget(screen, blessed.box({ parent: screen, tags: false })),
    sparklineBox() {
      const box = sparkline({ parent: screen, tags: false, style: { titleFg: 'white' } });
      return { ...widget(screen, box), blocks: (values) => blocksOf(box, values) };
    },
    render() {
      screen.clearRegion(0, program.cols, 0, program.rows);
      screen.render();
      return taken();
    },
    reset({ width, height }) {
      output.columns = program.cols = width;
      output.rows = program.rows = height;
      screen.alloc(true);
    },
    destroy() {
      screen.destroy();
      taken();
    },
  };
}

/** What a screen of blessed listens to on the process, for all screens together. */
const PROCESS_EVENTS = ['uncaughtException', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'exit'];

/** Makes something and takes off the handlers that it put on the process. */
function withoutHandlers<T>(make: () => T): T {
  const before = new Set(PROCESS_EVENTS.flatMap((event) => process.rawListeners(event)));
  const made = make();
  for (const event of PROCESS_EVENTS) {
    for (const listener of process.rawListeners(event)) {
      if (!before.has(listener)) process.off(event, listener as () => void);
    }
  }
  return made;
}

/**
 * Makes a box write its cells as they are: blessed's own way through `setContent` obeys escape
 * sequences in the text, breaks lines, and takes longer.
 */
function widget(screen: BlessedScreen, box: BlessedBox): Widget {
  let drawn: readonly Row[] = [];
  box.render = () => {
    if (box.hidden) return;
    const { left, top } = box.position;
    drawn.forEach((row, down) => {
      const line = screen.lines[top + down];
      if (!line) return;
      row.forEach(({ character, look }, across) => {
        const cell = line[left + across];
        const attributes = attributesOf(look);
        if (!cell || (cell[0] === attributes && cell[1] === character)) return;
        cell[0] = attributes;
        cell[1] = character;
        line.dirty = true;
      });
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

/** blessed's packed attributes; 0x1ff is the terminal's own colour. */
function attributesOf(look: Look): number {
  const flags = (look.bold ? 1 : 0) | (look.underline ? 2 : 0) | (look.inverse ? 8 : 0);
  return (flags << 18) | ((look.fg ?? 0x1ff) << 9) | (look.bg ?? 0x1ff);
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
