import type { Line, StyleName } from './frame.js';

/** What a dialog says, before it is placed. */
export interface Dialog {
  readonly title: string;
  readonly style: StyleName;
  /** Gives way when the terminal is low. */
  readonly body: readonly Line[];
  /** Which body line must be in sight. */
  readonly focus: number;
  /** Always in sight. */
  readonly foot: readonly Line[];
  readonly footCentred?: true;
}
