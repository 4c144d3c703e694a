import assert from 'node:assert/strict';
import headless, { type IBufferCell, type Terminal } from '@xterm/headless';

/**
 * One cell as a user sees it; colours are palette indexes, undefined is the terminal's own. What a
 * blank does not show, such as the colour and weight of its sign, is left out.
 */
export interface SeenCell {
  readonly character: string;
  readonly fg: number | undefined;
  readonly bg: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

/** The judge: a real terminal emulator without a window. */
export interface Emulator {
  /** Takes output and resolves when all of it has been interpreted. */
  feed(data: string | Uint8Array): Promise<void>;
  /** The visible rows, without trailing blanks. */
  rows(): string[];
  /** The visible rows as one text. */
  screen(): string;
  cell(x: number, y: number): SeenCell;
  cells(): SeenCell[][];
  /** DEC private modes that are set, such as 1049, 2004 and 25. */
  readonly modes: ReadonlySet<number>;
  title(): string;
  resize(width: number, height: number): void;
  /** Which of the two screens is shown. */
  buffer(): 'normal' | 'alternate';
  /** Resolves when the condition holds; fails with the picture when it does not come to hold. */
  until(condition: (screen: string) => boolean, what?: string, limitMs?: number): Promise<void>;
  dispose(): void;
}

/** Far beyond what anything takes, even on a loaded machine: only failures wait so long. */
const PATIENCE_MS = 20_000;

export function createEmulator(width: number, height: number): Emulator {
  const terminal = new headless.Terminal({
    cols: width,
    rows: height,
    allowProposedApi: true,
    scrollback: 200,
  });
  const modes = followModes(terminal);
  let title = '';
  terminal.onTitleChange((text) => (title = text));

  const line = (y: number) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y);
  const rows = (): string[] =>
    Array.from(
      { length: terminal.rows },
      (_, y) => line(y)?.translateToString(true).trimEnd() ?? '',
    );
  const screen = (): string => rows().join('\n');
  const cell = (x: number, y: number): SeenCell => seen(line(y)?.getCell(x));

  return {
    feed: (data) =>
      new Promise((resolve) => {
        terminal.write(data, resolve);
      }),
    rows,
    screen,
    cell,
    cells: () => rows().map((_, y) => Array.from({ length: terminal.cols }, (_, x) => cell(x, y))),
    modes,
    title: () => title,
    resize(columns, lines) {
      terminal.resize(columns, lines);
    },
    buffer: () => terminal.buffer.active.type,
    until: (condition, what, limitMs = PATIENCE_MS) =>
      new Promise((resolve, reject) => {
        const check = (): boolean => condition(screen());
        if (check()) {
          resolve();
          return;
        }
        const listener = terminal.onWriteParsed(() => {
          if (!check()) return;
          clearTimeout(timer);
          listener.dispose();
          resolve();
        });
        const timer = setTimeout(() => {
          listener.dispose();
          reject(new Error(`never seen: ${what ?? condition.toString()}\n${framed(rows())}`));
        }, limitMs);
      }),
    dispose() {
      terminal.dispose();
    },
  };
}

/** The public interface tells only some modes: all are read from the sequences that set them. */
function followModes(terminal: Terminal): ReadonlySet<number> {
  const modes = new Set<number>([25]);
  const change = (set: boolean) => (parameters: readonly (number | number[])[]) => {
    for (const mode of parameters.flat()) {
      if (set) modes.add(mode);
      else modes.delete(mode);
    }
    return false;
  };
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, change(true));
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, change(false));
  return modes;
}

function seen(cell: IBufferCell | undefined): SeenCell {
  assert.ok(cell, 'there is such a cell');
  const character = cell.getChars() === '' ? ' ' : cell.getChars();
  const underline = cell.isUnderline() !== 0;
  const inverse = cell.isInverse() !== 0;
  const isBlank = character === ' ';
  return {
    character,
    fg: cell.isFgDefault() || (isBlank && !underline && !inverse) ? undefined : cell.getFgColor(),
    bg: cell.isBgDefault() ? undefined : cell.getBgColor(),
    bold: cell.isBold() !== 0 && !isBlank,
    dim: cell.isDim() !== 0 && !isBlank,
    underline,
    inverse,
  };
}

/** A picture in a failure message, with its edges. */
export function framed(rows: readonly string[]): string {
  const width = Math.max(1, ...rows.map((row) => row.length));
  const edge = '-'.repeat(width);
  return [`+${edge}+`, ...rows.map((row) => `|${row.padEnd(width)}|`), `+${edge}+`].join('\n');
}
