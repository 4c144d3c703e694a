import type { StyleName } from '../view/frame.js';
import type { ColourDepth } from './capabilities.js';

/** How a cell looks. Colours are indexes of the 256-colour palette; absent is the terminal's own. */
export interface Look {
  readonly fg?: number;
  readonly bg?: number;
  readonly bold?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

export type Theme = Readonly<Record<StyleName, Look>>;

/**
 * 256 colours. The terminal's own background stays, dark or light, so every colour keeps a
 * contrast of at least 3:1 to both black and white (a test computes it). Red is for alarms only.
 */
const RICH: Theme = {
  normal: {},
  dim: { fg: 244 },
  bright: { bold: true },
  title: { fg: 32, bold: true },
  work: { fg: 29 },
  measure: { fg: 67 },
  attention: { fg: 136, bold: true },
  alarm: { fg: 196, bold: true },
  notice: { fg: 32 },
  header: { fg: 67, underline: true },
  selected: { fg: 255, bg: 24, bold: true },
  key: { fg: 136 },
};

/** The sixteen colours that the user chose: names, not shades, so only sure pairs are used. */
const SIXTEEN: Theme = {
  normal: {},
  dim: { fg: 8 },
  bright: { bold: true },
  title: { fg: 6, bold: true },
  work: { fg: 2 },
  measure: { fg: 6 },
  attention: { fg: 3, bold: true },
  alarm: { fg: 1, bold: true },
  notice: { fg: 6 },
  header: { fg: 6, underline: true },
  selected: { inverse: true },
  key: { fg: 3 },
};

/** With eight colours "bright black" is black: what would be dim is plain. */
const EIGHT: Theme = { ...SIXTEEN, dim: {} };

/** No colour at all (https://no-color.org): weight, lines and inversion still tell things apart. */
const MONO: Theme = {
  normal: {},
  dim: {},
  bright: { bold: true },
  title: { bold: true },
  work: {},
  measure: {},
  attention: { bold: true },
  alarm: { bold: true, underline: true },
  notice: {},
  header: { underline: true },
  selected: { inverse: true },
  key: { bold: true },
};

/** The looks of all styles for a terminal with so many colours. */
export function themeFor(colours: ColourDepth): Theme {
  switch (colours) {
    case 256:
      return RICH;
    case 16:
      return SIXTEEN;
    case 8:
      return EIGHT;
    case 0:
      return MONO;
  }
}
