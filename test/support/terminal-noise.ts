import { KEYMAP } from '../../top/model/keymap.js';
import type { Seeded } from './seeded.js';

/**
 * What a terminal sends without a key being pressed, or with one being let go: nothing of it may
 * do anything to a server, whatever is on the screen.
 */

/** Answers to questions, and reports nobody asked for. */
export const REPORTS: readonly (readonly [name: string, sent: string])[] = [
  ['DA1', '\x1b[?62;22c'],
  ['DA1 with many attributes', '\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c'],
  ['DA2', '\x1b[>41;390;0c'],
  ['DA3', '\x1bP!|7E565445\x1b\\'],
  ['DSR: all is well', '\x1b[0n'],
  ['DSR: the cursor', '\x1b[12;40R'],
  ['DSR: the cursor, extended', '\x1b[?12;40;1R'],
  ['DECRPM', '\x1b[?2026;2$y'],
  ['OSC 10 ended by ST', '\x1b]10;rgb:ffff/eeee/dddd\x1b\\'],
  ['OSC 11 ended by BEL', '\x1b]11;rgb:0000/0000/0000\x07'],
  ['OSC 4', '\x1b]4;1;rgb:cccc/0000/0000\x1b\\'],
  ['OSC 52 with a clipboard', '\x1b]52;c;UlIKCglraWxsIDMN\x07'],
  ['XTVERSION', '\x1bP>|XTerm(390)\x1b\\'],
  ['a termcap reply', '\x1bP1+r524742=38\x1b\\'],
  ['DECRQSS', '\x1bP1$r0m\x1b\\'],
  ['the flags of the kitty keyboard', '\x1b[?31u'],
  ['modifyOtherKeys', '\x1b[>4;2m'],
  ['the size of the window', '\x1b[8;40;120t'],
  ['the size of the window in pixels', '\x1b[4;800;1200t'],
  ['the colour scheme', '\x1b[?997;1n'],
  ['the focus is gained', '\x1b[I'],
  ['the focus is lost', '\x1b[O'],
  ['a graphics reply', '\x1b_Gi=31;OK\x1b\\'],
];

/** Mouse reports that are no press: at the place where dialogs have their buttons, and elsewhere. */
export const MOUSE: readonly (readonly [name: string, sent: string])[] = (
  [
    ['a release', 0, 'm'],
    ['a release of the right button', 2, 'm'],
    ['a drag', 32, 'M'],
    ['the end of a drag', 32, 'm'],
    ['a drag with the right button', 34, 'M'],
    ['motion', 35, 'M'],
    ['the middle button', 1, 'M'],
    ['the right button', 2, 'M'],
    ['a press with Shift', 4, 'M'],
    ['a press with Ctrl', 16, 'M'],
    ['the wheel, up', 64, 'M'],
    ['the wheel, down', 65, 'M'],
    ['the wheel, to a side', 66, 'M'],
    ['the eighth button', 128, 'M'],
  ] as const
).flatMap(([name, button, final]) =>
  [
    [60, 20],
    [50, 22],
    [1, 1],
    [120, 40],
  ].map(([x = 0, y = 0]) => [`${name} at ${x},${y}`, `\x1b[<${button};${x};${y}${final}`] as const),
);

/** The keys of all actions, as kitty tells that they were let go. */
export const RELEASES: readonly (readonly [name: string, sent: string])[] = [
  ...actionKeys().flatMap((key) => (/^[!-~]$/.test(key) ? [key.charCodeAt(0)] : [])),
  ...[9, 13, 27, 32, 127, 57414],
].flatMap((code) => [
  [`${code} is let go`, `\x1b[${code};1:3u`] as const,
  [`${code} is let go with Ctrl`, `\x1b[${code};5:3u`] as const,
]);

/** The names of all keys that mean something anywhere. */
export function actionKeys(): string[] {
  return [...new Set(KEYMAP.flatMap(({ keys }) => keys))];
}

/** Everything that a key press may be written as inside a paste. */
const PASTED = [
  ...actionKeys().filter((key) => key.length === 1),
  ...['\r', '\n', '\t', ' ', '\x03', '\x1b', '\x12', '\x1a', '\x7f', '\x00', '\x9b'],
  ...['\x1b[A', '\x1b[B', '\x1b[Z', '\x1bOQ', '\x1b[20~', '\x1b[13u', '\x1b[82;2u'],
  ...['\x1b[20', '\x1b[201', '\x1b[<0;60;20M', 'kill 3', 'reload', 'kill', 'é漢🐈'],
];

/** A bracketed paste of whatever does not end it. */
export function pasteOf(text: string): string {
  return `\x1b[200~${text}\x1b[201~`;
}

/** Pastes that would do harm if they were keys. */
export const PASTES: readonly (readonly [name: string, sent: string])[] = [
  ['each key of an action', pasteOf(PASTED.join(''))],
  ['a reload, confirmed', pasteOf('R\t\r')],
  ['a kill, confirmed', pasteOf('K\x1b[B\r\t\r')],
  ['a command line', pasteOf(':kill 3\r\t\r')],
  ['the end of a question', pasteOf('\t\r')],
  ['the word of a question', pasteOf('kill\r')],
  ['nothing', pasteOf('')],
];

/** A paste of anything, its length up to thirty pieces. */
export function anyPaste(chance: Seeded): string {
  const pieces = Array.from({ length: Math.floor(chance.next() * 30) }, () =>
    chance.pick([...PASTED, '\x1b[200~']),
  );
  return pasteOf(pieces.join('').replaceAll('\x1b[201~', ''));
}
