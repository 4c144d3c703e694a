/** The first sixteen colours as most terminals show them today (those of the README's picture). */
const BASE = [
  '1c2128',
  'e5534b',
  '57ab5a',
  'c69026',
  '539bf5',
  'b083f0',
  '39a0aa',
  'adbac7',
  '768390',
  'ff6b62',
  '6bc46d',
  'daaa3f',
  '6cb6ff',
  'dcbdfb',
  '56d4dd',
  'cdd9e5',
];

const CUBE = [0, 95, 135, 175, 215, 255];

/** Red, green and blue, 0 to 255, of an index in the 256-colour palette of xterm. */
export function paletteColour(index: number): readonly [number, number, number] {
  if (index < 16) {
    const value = Number.parseInt(BASE[index] ?? '000000', 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  }
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const at = index - 16;
  const level = (step: number): number => CUBE[step % 6] ?? 0;
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6)), level(at)];
}
