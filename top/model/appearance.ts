/** How things look, by name: what each is made of is the terminal's business. */
export const THEME_NAMES = ['default', 'light', 'high-contrast', 'mono', 'colour-blind'] as const;

export type ThemeName = (typeof THEME_NAMES)[number];

/** What the terminal is asked to do beside showing a frame. */
export interface Appearance {
  readonly theme: ThemeName;
  readonly ascii: boolean;
  /** Whether clicks and the wheel are asked for. */
  readonly mouse: boolean;
}
