import { controlKey, csiKey, printableKey, ss3Key } from './key-names.js';
import { type MouseEvent, mouseReport } from './mouse.js';
import { createPasteBuffer, isRestOfPaste } from './paste.js';
import { readUtf8 } from './utf8.js';

/** What a person did, as told by the bytes of a terminal. */
export type InputEvent =
  | { readonly type: 'key'; readonly key: string }
  /** Without control characters except tab and newline, and at most `MAX_PASTE` bytes. */
  | { readonly type: 'paste'; readonly text: string }
  | MouseEvent;

export interface InputDecoder {
  /** Takes the next bytes, however the terminal cut them. */
  push(bytes: Uint8Array): InputEvent[];
  /**
   * How long to wait, in milliseconds, before `flush` when no further byte arrives; undefined
   * when nothing is unfinished.
   */
  patience(): number | undefined;
  /** Ends what is unfinished: a lone ESC becomes a key, half a sequence is dropped. */
  flush(): InputEvent[];
}

/** Long enough for the rest of a sequence on a slow link, too short to be noticed. */
const ESCAPE_MS = 40;
const SEQUENCE_MS = 500;
const REPLY_MS = 2000;
const PASTE_MS = 5000;

/** No key has more parameters; a longer sequence is read to its end and dropped. */
const MAX_PARAMETERS = 64;

const ESC = 0x1b;
const BACKSLASH = 0x5c;
const CTRL_C = 0x03;
/** BEL ends a string in xterm's manner, CAN and SUB cancel any sequence (ECMA-48). */
const STRING_ENDS = [0x07, 0x18, 0x1a];

/** What stands after ESC when a payload up to ST follows: DCS, SOS, OSC, PM, APC. */
const STRINGS = 'PX]^_';

interface Sequence {
  readonly at: 'csi' | 'ss3';
  readonly parameters: string;
  /** Its ESC came so early that it was taken for the key. */
  readonly late: boolean;
}

type State =
  /** `escaped`: a lone ESC was the last thing, so `[` or `O` may be the rest of its sequence. */
  | { readonly at: 'ground'; readonly escaped: boolean }
  | { readonly at: 'character'; readonly bytes: readonly number[]; readonly alt: boolean }
  | { readonly at: 'escape' }
  | Sequence
  | { readonly at: 'mouse'; readonly left: number }
  | { readonly at: 'string'; readonly escape: boolean }
  | { readonly at: 'paste' };

/** A byte leads to a state, and makes at most one key, or ends a report of the mouse. */
type Step = readonly [state: State, made?: string | MouseEvent | undefined];

const GROUND: State = { at: 'ground', escaped: false };
const ESCAPE: State = { at: 'escape' };
const PASTE: State = { at: 'paste' };

/**
 * Reads keys, pastes and the mouse from a terminal. The outcome does not depend on where the bytes were cut,
 * and nothing but a key becomes a key: replies to queries (CPR, DA, DECRPM, OSC colours,
 * XTVERSION), focus reports, releases and unknown sequences are swallowed. When the ESC
 * of a sequence comes so early that it has become `escape`, the rest is still read as a sequence.
 */
export function createInputDecoder(): InputDecoder {
  const paste = createPasteBuffer();
  let state: State = GROUND;
  let stalled = false;

  const take = (byte: number): InputEvent | undefined => {
    if (state.at === 'paste') {
      const text = paste.push(byte);
      if (text === undefined) return undefined;
      state = GROUND;
      stalled = false;
      return { type: 'paste', text };
    }
    const [next, made] = step(state, byte);
    state = next;
    return typeof made === 'string' ? { type: 'key', key: made } : made;
  };

  return {
    push(bytes) {
      const isFree = state.at === 'ground' && !state.escaped;
      if (isFree && isRestOfPaste(bytes, stalled)) state = PASTE;
      const events: InputEvent[] = [];
      for (const byte of bytes) {
        const event = take(byte);
        if (event) events.push(event);
      }
      return events;
    },
    patience: () => patienceOf(state),
    flush() {
      const ended = state;
      state = { at: 'ground', escaped: ended.at === 'escape' };
      if (ended.at === 'paste') {
        stalled = true;
        return [{ type: 'paste', text: paste.end() }];
      }
      if (ended.at === 'escape') return [{ type: 'key', key: 'escape' }];
      if (isLateAndBare(ended)) return [{ type: 'key', key: ended.at === 'csi' ? '[' : 'O' }];
      return [];
    },
  };
}

/** After a lone ESC, a `[` or `O` that nothing followed was a key after all. */
function isLateAndBare(state: State): boolean {
  return (state.at === 'csi' || state.at === 'ss3') && state.late && state.parameters === '';
}

function patienceOf(state: State): number | undefined {
  switch (state.at) {
    case 'ground':
      return undefined;
    case 'escape':
      return ESCAPE_MS;
    case 'csi':
    case 'ss3':
      return isLateAndBare(state) ? ESCAPE_MS : SEQUENCE_MS;
    case 'character':
    case 'mouse':
      return SEQUENCE_MS;
    case 'string':
      return REPLY_MS;
    case 'paste':
      return PASTE_MS;
  }
}

function step(state: Exclude<State, { at: 'paste' }>, byte: number): Step {
  switch (state.at) {
    case 'ground':
      return ground(state.escaped, byte);
    case 'character':
      return (byte & 0xc0) === 0x80
        ? character([...state.bytes, byte], state.alt)
        : ground(false, byte);
    case 'escape':
      return escape(byte);
    case 'csi':
      return csi(state, byte);
    case 'ss3':
      return ss3(state, byte);
    case 'mouse':
      return state.left > 1 ? [{ at: 'mouse', left: state.left - 1 }] : [GROUND];
    case 'string':
      return string(state.escape, byte);
  }
}

function ground(escaped: boolean, byte: number): Step {
  if (byte === ESC) return [ESCAPE];
  if (escaped && byte === 0x5b) return [{ at: 'csi', parameters: '', late: true }];
  if (escaped && byte === 0x4f) return [{ at: 'ss3', parameters: '', late: true }];
  return byte < 0x80 ? [GROUND, asciiKey(byte)] : character([byte], false);
}

function asciiKey(byte: number): string | undefined {
  return byte < 0x20 || byte === 0x7f ? controlKey(byte) : printableKey(byte);
}

function character(bytes: readonly number[], alt: boolean): Step {
  const read = readUtf8(bytes);
  if (read === 'more') return [{ at: 'character', bytes, alt }];
  if (read === 'invalid') return [GROUND];
  // A C1 control is ESC and the letter 64 below it (ECMA-48 §5.3).
  if (read < 0xa0) return [introduced(read - 0x40)];
  const key = printableKey(read);
  return [GROUND, alt && key !== undefined ? `alt-${key}` : key];
}

/** The state after ESC and this byte; ground when they introduce nothing. */
function introduced(byte: number): State {
  const letter = String.fromCharCode(byte);
  if (letter === '[') return { at: 'csi', parameters: '', late: false };
  if (letter === 'O') return { at: 'ss3', parameters: '', late: false };
  return STRINGS.includes(letter) ? { at: 'string', escape: false } : GROUND;
}

function escape(byte: number): Step {
  if (byte === ESC) return [ESCAPE, 'escape'];
  if (byte >= 0x80) return character([byte], true);
  const next = introduced(byte);
  // ESC \ is ST: the end of a string that was given up.
  if (next !== GROUND || byte === BACKSLASH) return [next];
  const key = asciiKey(byte);
  return [GROUND, key === undefined || byte === CTRL_C ? key : `alt-${key}`];
}

/** Control bytes have no place in a sequence: ESC starts anew, ^C is never lost. */
function interrupted(byte: number): Step {
  return byte === ESC ? [ESCAPE] : [GROUND, byte === CTRL_C ? 'ctrl-c' : undefined];
}

function csi(current: Sequence, byte: number): Step {
  if (byte < 0x20 || byte > 0x7e) return interrupted(byte);
  const letter = String.fromCharCode(byte);
  const { parameters } = current;
  if (parameters === '[') return [GROUND, csiKey('[', letter)];
  if (byte < 0x40 || (letter === '[' && parameters === '')) return [longer(current, letter)];
  if (parameters === '200' && letter === '~') return [PASTE];
  // X10 mouse: three bytes follow, which look like characters.
  if (parameters === '' && letter === 'M') return [{ at: 'mouse', left: 3 }];
  return [GROUND, reported(parameters, letter)];
}

/** What a whole sequence tells. */
function reported(parameters: string, final: string): string | MouseEvent | undefined {
  if (parameters.length >= MAX_PARAMETERS) return undefined;
  return mouseReport(parameters, final) ?? csiKey(parameters, final);
}

function longer(current: Sequence, letter: string): Sequence {
  if (current.parameters.length >= MAX_PARAMETERS) return current;
  return { ...current, parameters: current.parameters + letter };
}

function ss3(current: Sequence, byte: number): Step {
  if (byte < 0x20 || byte > 0x7e) return interrupted(byte);
  const letter = String.fromCharCode(byte);
  return /[\d;]/.test(letter)
    ? [longer(current, letter)]
    : [GROUND, ss3Key(current.parameters, letter)];
}

function string(inEscape: boolean, byte: number): Step {
  if (inEscape) return byte === BACKSLASH ? [GROUND] : escape(byte);
  if (STRING_ENDS.includes(byte)) return [GROUND];
  return byte === CTRL_C ? interrupted(byte) : [{ at: 'string', escape: byte === ESC }];
}
