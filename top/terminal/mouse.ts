/** What a person did with the mouse; places are counted from 0 at the top left. */
export type MouseEvent =
  | { readonly type: 'press'; readonly x: number; readonly y: number }
  | { readonly type: 'wheel'; readonly step: 1 | -1 };

/** Buttons of a report (xterm, "SGR (1006)"): anything added to them is motion or a key held down. */
const LEFT = 0;
const WHEEL_UP = 64;
const WHEEL_DOWN = 65;

/**
 * The mouse of a complete `CSI < button ; column ; line M`, given as what stands between `CSI` and
 * the final byte. Undefined for releases, motion, other buttons, and buttons with a key held down,
 * which belong to the terminal or to nobody.
 */
export function mouseReport(parameters: string, final: string): MouseEvent | undefined {
  const read = /^<(\d{1,3});(\d{1,4});(\d{1,4})$/.exec(parameters);
  if (read === null || final !== 'M') return undefined;
  const [button, column, line] = read.slice(1).map(Number);
  if (button === WHEEL_UP) return { type: 'wheel', step: -1 };
  if (button === WHEEL_DOWN) return { type: 'wheel', step: 1 };
  if (button !== LEFT || !column || !line) return undefined;
  return { type: 'press', x: column - 1, y: line - 1 };
}
