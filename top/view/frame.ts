import type { Target } from '../model/target.js';

/** What is to be seen, as data: the unit of golden tests and the only thing the painter gets. */

/**
 * Meanings, not colours: the theme in top/terminal/ gives each its look, with and without colour.
 * `work` is healthy activity, `measure` a figure to follow, `attention` wants a look, `alarm` wants a
 * person now.
 */
export type StyleName =
  | 'normal'
  | 'dim'
  | 'bright'
  | 'title'
  | 'work'
  | 'measure'
  | 'attention'
  | 'alarm'
  | 'notice'
  | 'header'
  | 'selected'
  | 'key';

/** A run of text in one style. Every character is one column wide and printable. */
export interface Span {
  readonly text: string;
  readonly style: StyleName;
  /** What a click on it means. */
  readonly target?: Target;
}

export type Line = readonly Span[];

interface Place {
  /** Stable between frames, so that the painter keeps its widget. */
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lines from the top left; what is longer or lower than the panel is not shown. */
export interface TextPanel extends Place {
  readonly kind: 'text';
  readonly lines: readonly Line[];
  /** With a border, `lines` start inside it and `width`/`height` include it. */
  readonly border?: Border;
}

export interface Border {
  readonly title: string;
  readonly style: StyleName;
  /** Texts in the lower border, at its left and at its right end: those of an axis. */
  readonly foot?: readonly [left: string, right: string];
}

/** A history, oldest first, newest at the right edge; `null` is a gap. */
export interface SparklinePanel extends Place {
  readonly kind: 'sparkline';
  readonly title: string;
  readonly values: readonly (number | null)[];
  readonly style: StyleName;
}

export type Panel = TextPanel | SparklinePanel;

/** Panels in the order they are drawn: a later one covers an earlier one. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly panels: readonly Panel[];
  /** For the terminal's window title; printable characters only. */
  readonly title: string;
}
