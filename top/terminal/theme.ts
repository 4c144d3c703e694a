import type { StyleName } from '../view/frame.js';
import type { ThemeName } from '../model/appearance.js';
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

/** For a white background: every colour keeps a contrast of at least 4.5:1 to it. */
const LIGHT: Theme = {
  ...RICH,
  dim: { fg: 241 },
  title: { fg: 25, bold: true },
  work: { fg: 22 },
  measure: { fg: 24 },
  attention: { fg: 94, bold: true },
  alarm: { fg: 160, bold: true },
  notice: { fg: 25 },
  header: { fg: 24, underline: true },
  selected: { fg: 231, bg: 24, bold: true },
  key: { fg: 94 },
};

/** The same with the names that are dark in every palette. */
const LIGHT_SIXTEEN: Theme = {
  ...SIXTEEN,
  title: { fg: 4, bold: true },
  measure: { fg: 4 },
  attention: { fg: 5, bold: true },
  notice: { fg: 4 },
  header: { fg: 4, underline: true },
  key: { fg: 5 },
};

/**
 * The terminal's own two colours, which differ most, for nearly all; what wants a person has a ground
 * of its own, at 7:1 or more.
 */
const HIGH_CONTRAST: Theme = {
  ...MONO,
  work: { bold: true },
  attention: { fg: 16, bg: 220, bold: true },
  alarm: { fg: 231, bg: 124, bold: true },
};

const HIGH_CONTRAST_SIXTEEN: Theme = {
  ...HIGH_CONTRAST,
  attention: { fg: 0, bg: 3, bold: true },
  alarm: { fg: 7, bg: 1, bold: true },
};

/**
 * Blue, ochre and vermilion, as Okabe and Ito chose them for all kinds of colour vision: nothing is
 * told by green against red.
 */
const COLOUR_BLIND: Theme = {
  ...RICH,
  work: { fg: 32 },
  measure: { fg: 67 },
  attention: { fg: 136, bold: true },
  alarm: { fg: 166, bold: true, inverse: true },
};

const COLOUR_BLIND_SIXTEEN: Theme = {
  ...SIXTEEN,
  work: { fg: 6 },
  alarm: { fg: 1, bold: true, inverse: true },
};

interface Depths {
  readonly rich: Theme;
  readonly sixteen: Theme;
}

const THEMES: Readonly<Record<ThemeName, Depths>> = {
  default: { rich: RICH, sixteen: SIXTEEN },
  light: { rich: LIGHT, sixteen: LIGHT_SIXTEEN },
  'high-contrast': { rich: HIGH_CONTRAST, sixteen: HIGH_CONTRAST_SIXTEEN },
  mono: { rich: MONO, sixteen: MONO },
  'colour-blind': { rich: COLOUR_BLIND, sixteen: COLOUR_BLIND_SIXTEEN },
};

/** The looks of all styles in a theme, for a terminal with so many colours; without any, mono. */
export function themeFor(colours: ColourDepth, name: ThemeName = 'default'): Theme {
  const { rich, sixteen } = THEMES[name];
  switch (colours) {
    case 256:
      return rich;
    case 16:
      return sixteen;
    case 8:
      // "Bright black" is black then: what would be dim is plain.
      return { ...sixteen, dim: {} };
    case 0:
      return MONO;
  }
}
