/**
 * What is told to the terminal besides the picture (xterm, "Control Sequences"; DEC private modes).
 * Modes that a terminal does not know it ignores; none is asked for, since the answer would have to
 * be told from keys.
 */

const ALTERNATE_SCREEN = 1049;
const CURSOR = 25;
const BRACKETED_PASTE = 2004;
const SYNCHRONIZED_OUTPUT = 2026;
const MOUSE_BUTTONS = 1000;
/** Reports that can be told from keys, at any size of the terminal. */
const MOUSE_SGR = 1006;

const set = (mode: number): string => `\x1b[?${mode}h`;
const reset = (mode: number): string => `\x1b[?${mode}l`;

/** Keeps the window's title for `LEAVE` to give back. */
const PUSH_TITLE = '\x1b[22;2t';
const POP_TITLE = '\x1b[23;2t';

export const ENTER = set(ALTERNATE_SCREEN) + PUSH_TITLE + reset(CURSOR) + set(BRACKETED_PASTE);

/** Asks for clicks and the wheel; without it, the terminal's own selection has the mouse. */
export const MOUSE_ON = set(MOUSE_BUTTONS) + set(MOUSE_SGR);
export const MOUSE_OFF = reset(MOUSE_SGR) + reset(MOUSE_BUTTONS);

/**
 * Undoes `ENTER` and `MOUSE_ON` whatever was being drawn. The screen is cleared first for consoles that have no
 * alternate one.
 */
export const LEAVE =
  reset(SYNCHRONIZED_OUTPUT) +
  MOUSE_OFF +
  reset(BRACKETED_PASTE) +
  '\x1b[m\x1b[H\x1b[2J' +
  set(CURSOR) +
  POP_TITLE +
  reset(ALTERNATE_SCREEN);

/** A frame that the terminal shows at once or not at all. */
export function synchronized(bytes: string): string {
  return set(SYNCHRONIZED_OUTPUT) + bytes + reset(SYNCHRONIZED_OUTPUT);
}

/** The most that is handed to the clipboard: terminals take no more, or drop all of it. */
export const MAX_COPY = 100 * 1024;

/** Puts text into the clipboard of whoever sits at the terminal (xterm, OSC 52). */
export function clipboard(text: string): string {
  return `\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`;
}

/** Sets the window's title to what can be printed of a text. */
export function windowTitle(title: string): string {
  return `\x1b]2;${title.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').slice(0, 200)}\x07`;
}
