import type { EventEmitter } from 'node:events';
import type { Frame } from '../view/frame.js';
import {
  clipboard,
  ENTER,
  LEAVE,
  MAX_COPY,
  MOUSE_OFF,
  MOUSE_ON,
  synchronized,
  windowTitle,
} from './control-sequences.js';
import { createHush, type Writer } from './hush.js';
import { createInputReader, type TerminalInput } from './input.js';
import type { InputEvent } from './input-decoder.js';
import { createPainter, type Painter } from './painter.js';
import type { Theme } from './theme.js';
import type { Size } from './widgets.js';

/** The part of `tty.WriteStream` that is used, so that tests can bring their own. */
export interface TerminalOutput extends EventEmitter, Writer {
  readonly columns?: number;
  readonly rows?: number;
}

/** Why there is no terminal any more. */
export type Loss = 'hang-up' | 'broken-pipe';

/** How the screen looks, and whether it asks for the mouse. */
export interface ScreenLook {
  readonly theme: Theme;
  readonly ascii: boolean;
  /** Whether clicks and the wheel are asked for; the terminal's own selection has them else. */
  readonly mouse: boolean;
}

export interface ScreenOptions extends ScreenLook {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  /** Streams that show up on the same terminal: what is written there waits for `leave`. */
  readonly hushed: readonly Writer[];
  readonly onInput: (event: InputEvent) => void;
  /** The size changed, or the picture was lost: a whole frame is wanted. */
  readonly onResize: (size: Size) => void;
  readonly onLoss: (loss: Loss) => void;
}

export interface Screen {
  size(): Size;
  /** Shows a frame, in one write; nothing while the screen is left. */
  paint(frame: Frame): void;
  /** The next frame is drawn whole, whatever the terminal shows. */
  redraw(): void;
  /** Shows everything in other looks from the next frame on. */
  dress(look: ScreenLook): void;
  /** Hands text to the clipboard; false when it is too much, or the screen is left. */
  copy(text: string): boolean;
  /** Takes the terminal, at first and again after `leave` or a stop. */
  enter(): void;
  /** Gives the terminal back as it was, then writes what was held back. Safe at any time. */
  leave(): void;
  /** Leaves for good. */
  close(): void;
}

/** A terminal that does not tell its size, such as a serial line, is taken for the classic one. */
const CLASSIC = { width: 80, height: 24 };

/** Larger is no terminal but a lie, and would cost memory by the cell. */
const MAX_SIDE = 2000;

/** The size of a terminal, each side at least 1. */
export function sizeOf(output: Pick<TerminalOutput, 'columns' | 'rows'>): Size {
  const side = (value: number | undefined, classic: number): number =>
    value === undefined || !(value >= 1) ? classic : Math.min(MAX_SIDE, Math.floor(value));
  return {
    width: side(output.columns, CLASSIC.width),
    height: side(output.rows, CLASSIC.height),
  };
}

/**
 * The full screen on a terminal. `enter` is called by whoever made it, when all ways out are
 * guarded (session.ts).
 */
export function createScreen(options: ScreenOptions): Screen {
  const { input, output } = options;
  const painter = createPainter(sizeOf(output), options.theme, options.ascii);
  const write = output.write.bind(output);
  let state: 'left' | 'entered' | 'closed' = 'left';
  const isEntered = (): boolean => state === 'entered';
  const { entering, ...requests } = requestsOf(write, painter, options.mouse, isEntered);
  let title: string | undefined;
  const hush = createHush(options.hushed);

  const reader = createInputReader(input, options.onInput, () => {
    options.onLoss('hang-up');
  });
  const onError = (error: NodeJS.ErrnoException): void => {
    options.onLoss(error.code === 'EPIPE' ? 'broken-pipe' : 'hang-up');
  };
  const onResize = (): void => {
    if (state !== 'entered') return;
    painter.reset(sizeOf(output));
    options.onResize(sizeOf(output));
  };
  // Never removed: a write to a terminal that is gone fails later, and must not crash the end.
  output.on('error', onError).on('resize', onResize);

  const leave = (): void => {
    if (state !== 'entered') return;
    state = 'left';
    write(LEAVE);
    reader.stop();
    hush.end();
  };

  return {
    size: () => sizeOf(output),
    paint(frame) {
      if (state !== 'entered') return;
      const heading = frame.title === title ? '' : windowTitle(frame.title);
      title = frame.title;
      const bytes = heading + painter.paint(frame);
      if (bytes !== '') write(synchronized(bytes));
    },
    redraw() {
      painter.reset(sizeOf(output));
    },
    ...requests,
    enter() {
      if (state === 'closed') return;
      state = 'entered';
      title = undefined;
      hush.begin();
      reader.start();
      write(entering());
      onResize();
    },
    leave,
    close() {
      if (state === 'closed') return;
      leave();
      state = 'closed';
      output.off('resize', onResize);
      painter.destroy();
    },
  };
}

/** What a terminal is asked for beside a picture: other looks, the mouse, and its clipboard. */
function requestsOf(
  write: (bytes: string) => unknown,
  painter: Painter,
  first: boolean,
  isEntered: () => boolean,
): Pick<Screen, 'dress' | 'copy'> & { readonly entering: () => string } {
  let mouse = first;
  return {
    entering: () => (mouse ? ENTER + MOUSE_ON : ENTER),
    dress(look) {
      painter.dress(look.theme, look.ascii);
      if (look.mouse !== mouse && isEntered()) write(look.mouse ? MOUSE_ON : MOUSE_OFF);
      ({ mouse } = look);
    },
    copy(text) {
      if (!isEntered() || Buffer.byteLength(text) > MAX_COPY) return false;
      write(clipboard(text));
      return true;
    },
  };
}
