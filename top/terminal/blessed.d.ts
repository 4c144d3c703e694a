/**
 * The few parts of blessed 0.1.81 and blessed-contrib 4.11 that this program uses, as they behave
 * and not as their documents say. blessed is CommonJS: only its default import works.
 */

declare module 'blessed' {
  import type { EventEmitter } from 'node:events';

  /** `(flags << 18) | (foreground << 9) | background`, and one character. */
  export type BlessedCell = [attributes: number, character: string];

  export interface BlessedLine extends Array<BlessedCell> {
    dirty: boolean;
  }

  export interface BlessedProgram extends EventEmitter {
    cols: number;
    rows: number;
    readonly tput: { brokenACS: boolean };
    flush(): void;
  }

  export interface BlessedScreen extends EventEmitter {
    readonly program: BlessedProgram;
    /** What is to be seen; `render` sends what differs from what was sent before. */
    readonly lines: BlessedLine[];
    readonly children: BlessedBox[];
    /** Both buffers afresh, for the size of `program`; the terminal is cleared. */
    alloc(dirty?: boolean): void;
    clearRegion(left: number, right: number, top: number, bottom: number): void;
    render(): void;
    destroy(): void;
  }

  export interface BlessedBox extends EventEmitter {
    readonly position: { left: number; top: number; width: number; height: number };
    hidden: boolean;
    readonly width: number;
    setContent(content: string): void;
    setFront(): void;
    render(): unknown;
  }

  interface Blessed {
    program(options: {
      readonly input: NodeJS.ReadableStream;
      readonly output: EventEmitter;
      readonly terminal: string;
      readonly forceUnicode: boolean;
      readonly buffer: boolean;
      readonly tput: boolean;
    }): BlessedProgram;
    screen(options: {
      readonly program: BlessedProgram;
      readonly smartCSR: boolean;
      readonly fullUnicode: boolean;
    }): BlessedScreen;
    box(options: { readonly parent: BlessedScreen; readonly tags: boolean }): BlessedBox;
  }

  const blessed: Blessed;
  export default blessed;
}

declare module 'blessed-contrib/lib/widget/sparkline.js' {
  import type { BlessedBox, BlessedScreen } from 'blessed';

  export interface SparklineWidget extends BlessedBox {
    setData(titles: readonly string[], datasets: readonly (readonly number[])[]): void;
  }

  const sparkline: (options: {
    readonly parent: BlessedScreen;
    readonly tags: boolean;
    readonly style: { readonly titleFg: string };
  }) => SparklineWidget;
  export default sparkline;
}
