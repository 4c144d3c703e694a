import type { Look } from './theme.js';

/** A look as one number: flags, foreground and background. */
export type LookCode = number;

/** The terminal's own colour. */
const OWN = 0x1ff;
const BOLD = 1;
const UNDERLINE = 2;
const INVERSE = 4;

/** The terminal's own look. */
export const BLANK: LookCode = pack(0, OWN, OWN);

function pack(flags: number, fg: number, bg: number): LookCode {
  return (flags << 18) | (fg << 9) | bg;
}

const CODES = new WeakMap<Look, LookCode>();

export function lookCode(look: Look): LookCode {
  const known = CODES.get(look);
  if (known !== undefined) return known;
  const flags =
    (look.bold ? BOLD : 0) | (look.underline ? UNDERLINE : 0) | (look.inverse ? INVERSE : 0);
  const code = pack(flags, look.fg ?? OWN, look.bg ?? OWN);
  CODES.set(look, code);
  return code;
}

/** What can be seen of a look on a blank: its ground, unless a line or an inversion shows more. */
export function looksOfBlank(code: LookCode): LookCode {
  return flagsOf(code) & (UNDERLINE | INVERSE) ? code & ~(BOLD << 18) : pack(0, OWN, bgOf(code));
}

/** The shortest sequence (SGR, ECMA-48 8.3.117) that turns one look into another; empty for none. */
export function change(from: LookCode, to: LookCode): string {
  if (from === to) return '';
  if (to === BLANK) return '\x1b[m';
  const transition = from * 0x8000000 + to;
  const known = CHANGES.get(transition);
  if (known !== undefined) return known;
  const afresh = sgr([...(from === BLANK ? [] : ['0']), ...parts(BLANK, to)]);
  const onTop = sgr(parts(from, to));
  const shortest = onTop.length < afresh.length ? onTop : afresh;
  CHANGES.set(transition, shortest);
  return shortest;
}

/** A theme has a dozen looks: all changes between them are few. */
const CHANGES = new Map<number, string>();

function sgr(parameters: readonly string[]): string {
  return `\x1b[${parameters.join(';')}m`;
}

/** What must be told to come from one look to another. */
function parts(from: LookCode, to: LookCode): string[] {
  const told: string[] = [];
  const [had, has] = [flagsOf(from), flagsOf(to)];
  for (const [flag, on, off] of SWITCHES) {
    if ((had & flag) !== (has & flag)) told.push(has & flag ? on : off);
  }
  if (fgOf(from) !== fgOf(to)) told.push(colour(fgOf(to), '3', '9'));
  if (bgOf(from) !== bgOf(to)) told.push(colour(bgOf(to), '4', '10'));
  return told;
}

const SWITCHES = [
  [BOLD, '1', '22'],
  [UNDERLINE, '4', '24'],
  [INVERSE, '7', '27'],
] as const;

/** Eight colours and eight bright ones have short names; the rest are of the 256. */
function colour(index: number, tens: string, brightTens: string): string {
  if (index === OWN) return `${tens}9`;
  if (index < 8) return `${tens}${index}`;
  if (index < 16) return `${brightTens}${index - 8}`;
  return `${tens}8;5;${index}`;
}

function flagsOf(code: LookCode): number {
  return code >> 18;
}

function fgOf(code: LookCode): number {
  return (code >> 9) & OWN;
}

function bgOf(code: LookCode): number {
  return code & OWN;
}
