import type { Border, Frame, Panel, SparklinePanel } from '../view/frame.js';
import { looksEqual } from '../view/text.js';
import { type DrawnLine, type Row, sparklineCells, textCells } from './cells.js';
import type { Theme } from './theme.js';
import { createCanvas, type Canvas, type Size } from './widgets.js';

export interface Painter {
  /** The bytes that make the terminal show this frame; empty when it shows it already. */
  paint(frame: Frame): string;
  /** Forgets what the terminal shows: the next frame is drawn whole, at this size. */
  reset(size: Size): void;
  /** Draws with other looks from the next frame on. */
  dress(theme: Theme, ascii: boolean): void;
  destroy(): void;
}

interface Holder {
  /** What the widget shows; undefined while it is hidden. */
  shown: Panel | undefined;
  show(panel: Panel): void;
  hide(): void;
  raise(): void;
}

/**
 * Turns frames into bytes. Each panel keeps its widget under the panel's id: widgets are made
 * once, shown and hidden (blessed never lets go of a destroyed one), and only those whose panel
 * changed are updated.
 */
export function createPainter(size: Size, theme: Theme, ascii: boolean): Painter {
  const look = { theme, ascii };
  const canvas = createCanvas(size);
  const holders = new Map<string, Holder>();
  let order = '';

  const holderOf = (panel: Panel): Holder => {
    const key = keyOf(panel);
    const holder = holders.get(key) ?? createHolder(canvas, panel.kind, look);
    holders.set(key, holder);
    return holder;
  };

  return {
    paint(frame) {
      const panels = frame.panels.filter(({ width, height }) => width > 0 && height > 0);
      const used = new Set(panels.map(holderOf));
      for (const panel of panels) {
        const holder = holderOf(panel);
        if (!samePanel(holder.shown, panel)) holder.show(panel);
        holder.shown = panel;
      }
      for (const holder of holders.values()) {
        if (holder.shown === undefined || used.has(holder)) continue;
        holder.hide();
        holder.shown = undefined;
      }
      const wanted = panels.map(keyOf).join('\n');
      if (wanted !== order)
        used.forEach((holder) => {
          holder.raise();
        });
      order = wanted;
      return canvas.render();
    },
    reset(now) {
      canvas.reset(now);
    },
    dress(now, isAscii) {
      Object.assign(look, { theme: now, ascii: isAscii });
      for (const holder of holders.values()) {
        if (holder.shown !== undefined) holder.show(holder.shown);
      }
    },
    destroy() {
      canvas.destroy();
    },
  };
}

/** A panel that changes its kind changes its widget. */
function keyOf(panel: Panel): string {
  return `${panel.kind} ${panel.id}`;
}

/** The look is read at each drawing: it may have changed since. */
function createHolder(
  canvas: Canvas,
  kind: Panel['kind'],
  look: { readonly theme: Theme; readonly ascii: boolean },
): Holder {
  const sparkline = kind === 'sparkline' ? canvas.sparklineBox() : undefined;
  const widget = sparkline ?? canvas.textBox();
  const blocksOf = (panel: SparklinePanel): string =>
    sparkline?.blocks(panel.values.slice(-panel.width)) ?? '';
  let drawn: Drawn | undefined;
  return {
    ...widget,
    shown: undefined,
    show(panel) {
      const { theme, ascii } = look;
      const rows =
        panel.kind === 'text'
          ? textCells(panel, theme, ascii, (at) => drawnLine(drawn, { panel, theme, ascii }, at))
          : sparklineCells(panel, blocksOf(panel), theme, ascii);
      drawn = { panel, theme, ascii, rows };
      widget.show(panel, rows);
    },
  };
}

/** What a widget got last, and how it was made. */
interface Drawn {
  readonly panel: Panel;
  readonly theme: Theme;
  readonly ascii: boolean;
  readonly rows: readonly Row[];
}

/** The line that was drawn there last, in the same width and looks; much of it is there again. */
function drawnLine(
  drawn: Drawn | undefined,
  { panel, theme, ascii }: Omit<Drawn, 'rows'>,
  at: number,
): DrawnLine | undefined {
  if (drawn?.panel.kind !== 'text' || panel.kind !== 'text') return undefined;
  const isDrawnAlike =
    drawn.panel.border?.style === panel.border?.style &&
    drawn.panel.width === panel.width &&
    drawn.theme === theme &&
    drawn.ascii === ascii;
  const row = isDrawnAlike ? bodyRow(drawn, at) : undefined;
  return row === undefined ? undefined : { line: drawn.panel.lines[at] ?? [], row };
}

/** The row of a line; one that was cut off at the panel's end has none. */
function bodyRow({ panel, rows }: Drawn, at: number): Row | undefined {
  const frame = panel.kind === 'text' && panel.border !== undefined ? 1 : 0;
  return at < panel.height - 2 * frame ? rows[at + frame] : undefined;
}

/** Whether two panels look the same: views build them anew for every frame. */
function samePanel(a: Panel | undefined, b: Panel): boolean {
  if (a === undefined || !samePlace(a, b)) return false;
  if (a.kind === 'sparkline' || b.kind === 'sparkline') return sameSparkline(a, b);
  return (
    sameBorder(a.border, b.border) &&
    a.lines.length === b.lines.length &&
    b.lines.every((line, at) => looksEqual(a.lines[at] ?? [], line))
  );
}

function samePlace(a: Panel, b: Panel): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

function sameBorder(a: Border | undefined, b: Border | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const [left, right] = b.foot ?? [];
  return (
    a.title === b.title && a.style === b.style && a.foot?.[0] === left && a.foot?.[1] === right
  );
}

function sameSparkline(a: Panel, b: Panel): boolean {
  if (a.kind !== 'sparkline' || b.kind !== 'sparkline') return false;
  return (
    a.title === b.title &&
    a.style === b.style &&
    a.values.length === b.values.length &&
    b.values.every((value, at) => Object.is(value, a.values[at]))
  );
}
