/**
 * What the sequences of terminals are called. The names are those of `Message` in
 * top/model/message.ts; a key pressed with further modifiers has them in front (`alt-x`,
 * `shift-up`), so that it is never taken for the plain key.
 */

/** Final bytes of `CSI 1 ; modifiers X` (ECMA-48, xterm) and of `SS3 X`. */
const FINALS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  S: 'f4',
  Z: 'backtab',
};

/** First parameters of `CSI n ; modifiers ~` (DEC VT220, xterm, rxvt, linux). */
const TILDES: Readonly<Record<number, string>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/** The linux console sends F1 to F5 as `CSI [ A` to `CSI [ E`. */
const LINUX: Readonly<Record<string, string>> = { A: 'f1', B: 'f2', C: 'f3', D: 'f4', E: 'f5' };

/** Code points that are keys and not characters, as C0 bytes or in `CSI n u`. */
const CODES: Readonly<Record<number, string>> = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'escape',
  28: 'ctrl-\\',
  32: 'space',
  127: 'backspace',
};

/** The keypad in the kitty protocol: code points of the private use area. */
const KEYPAD: Readonly<Record<number, string>> = {
  57409: '.',
  57410: '/',
  57411: '*',
  57412: '-',
  57413: '+',
  57414: 'enter',
  57415: '=',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57421: 'pageup',
  57422: 'pagedown',
  57423: 'home',
  57424: 'end',
  57426: 'delete',
};

/** xterm sends modifiers as 1 + bits; the first three are told apart, caps and num lock ignored. */
const SHIFT = 1;
const ALT = 2;
const CTRL = 4;
const LOCKS = 64 | 128;
const RELEASE = 3;

/**
 * The key of a complete `CSI` sequence, given as what stands between `CSI` and the final byte.
 * Undefined for what is not a key: replies, mouse and focus reports, key releases, unknown ones.
 */
export function csiKey(parameters: string, final: string): string | undefined {
  if (parameters === '[') return LINUX[final];
  if (!/^[\d;:]*$/.test(parameters)) return undefined;
  const fields = parameters.split(';').map((field) => field.split(':').map(Number));
  const code = parameter(fields, 0, 0);
  const bits = parameter(fields, 1, 1) - 1;
  if (fields[1]?.[1] === RELEASE) return undefined;
  if (final === 'u') return characterKey(code, bits);
  if (final === '~') return tildeKey(code, bits, parameter(fields, 2, 0));
  return code <= 1 ? modified(FINALS[final], bits) : undefined;
}

/** The first sub-parameter of a field; absent and empty ones have a default (ECMA-48 §5.4.2). */
function parameter(fields: readonly (readonly number[])[], index: number, absent: number): number {
  const value = fields[index]?.[0];
  return value === undefined || value === 0 ? absent : value;
}

function tildeKey(code: number, bits: number, character: number): string | undefined {
  return code === 27 ? characterKey(character, bits) : modified(TILDES[code], bits);
}

/** The key of `SS3 X`: cursor keys in application mode, F1 to F4, Enter of the keypad. */
export function ss3Key(parameters: string, final: string): string | undefined {
  const bits = Math.max(0, Number(parameters.split(';').at(-1)) - 1);
  if (final === 'M') return 'enter';
  return modified(final === 'R' ? 'f3' : FINALS[final], bits);
}

/** The name of a byte below 0x20 or 0x7f; undefined for those that are no key of ours. */
export function controlKey(code: number): string | undefined {
  if (code in CODES) return CODES[code];
  return code >= 1 && code <= 26 ? `ctrl-${String.fromCharCode(code + 96)}` : undefined;
}

/** A character as a key: itself when it can be printed. */
export function printableKey(code: number): string | undefined {
  if (code === 32) return 'space';
  const character = String.fromCodePoint(code);
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u.test(character) ? undefined : character;
}

/** `CSI code ; modifiers u` of the kitty protocol, and xterm's modifyOtherKeys. */
function characterKey(code: number, bits: number): string | undefined {
  const shift = (bits & SHIFT) !== 0;
  const plain = bits & ~SHIFT;
  if (code === 9 && shift) return modified('backtab', plain);
  const named = CODES[code] ?? KEYPAD[code] ?? keypadDigit(code);
  if (named !== undefined) return modified(named, plain);
  const character = code > 0x10ffff ? undefined : printableKey(code);
  if (character === undefined) return undefined;
  if ((bits & CTRL) === 0) return modified(shift ? upperCase(character) : character, plain);
  const letter = character.toLowerCase();
  return /^[a-z]$/.test(letter) ? modified(letter, plain) : undefined;
}

function keypadDigit(code: number): string | undefined {
  return code >= 57399 && code <= 57408 ? String(code - 57399) : undefined;
}

/** One character stays one character: `ß` has no upper case of its own. */
function upperCase(character: string): string {
  const upper = character.toUpperCase();
  return upper.length === character.length ? upper : character;
}

/** Super, hyper and meta belong to the window system: with them a key is none of ours. */
function modified(name: string | undefined, bits: number): string | undefined {
  const held = bits & ~LOCKS;
  if (name === undefined || held < 0 || held > (SHIFT | ALT | CTRL)) return undefined;
  const ctrl = (held & CTRL) !== 0 ? 'ctrl-' : '';
  const alt = (held & ALT) !== 0 ? 'alt-' : '';
  const shift = (held & SHIFT) !== 0 && name !== 'backtab' ? 'shift-' : '';
  return ctrl + alt + shift + name;
}
