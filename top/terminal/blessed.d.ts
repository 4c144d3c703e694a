/**
 * The few parts of blessed 0.1.81 and blessed-contrib 4.11 that this program uses, as they behave
 * and not as their documents say.
 */

declare module 'blessed/lib/program.js' {
  import type { EventEmitter } from 'node:events';

  export interface BlessedProgram extends EventEmitter {
    /** Reads the terminfo; the screen calls it again. */
    setupTput: () => void;
    /** What the terminfo says. */
    tput: {
      readonly unicode: boolean;
      readonly strings: object;
      readonly bools: object;
      readonly numbers: object;
    };
    /** Whether the alternate screen was entered; what leaves it believes this, too. */
    isAlt: boolean;
  }

  const createProgram: (options: {
    readonly input: NodeJS.ReadableStream;
    readonly output: EventEmitter;
    readonly terminal: string;
    readonly buffer: boolean;
    readonly tput: boolean;
  }) => BlessedProgram;
  export default createProgram;
}

declare module 'blessed/lib/widgets/screen.js' {
  import type { EventEmitter } from 'node:events';
  import type { BlessedProgram } from 'blessed/lib/program.js';

  export interface BlessedScreen extends EventEmitter {
    readonly program: BlessedProgram;
    /** The cells to be drawn, of which only the count of lines is used without `draw`. */
    lines: readonly unknown[];
    /** Lets each box render, the lowest first, then draws. */
    render(): void;
    /** Sends what differs from what was sent before. */
    draw(from: number, to: number): void;
    destroy(): void;
  }

  const createScreen: (options: { readonly program: BlessedProgram }) => BlessedScreen;
  export default createScreen;
}

declare module 'blessed/lib/widgets/box.js' {
  import type { EventEmitter } from 'node:events';
  import type { BlessedScreen } from 'blessed/lib/widgets/screen.js';

  export interface BlessedBox extends EventEmitter {
    readonly position: { left: number; top: number; width: number; height: number };
    hidden: boolean;
    readonly width: number;
    setContent(content: string): void;
    setFront(): void;
    render(): unknown;
  }

  const createBox: (options: {
    readonly parent: BlessedScreen;
    readonly tags: boolean;
  }) => BlessedBox;
  export default createBox;
}

declare module 'blessed-contrib/lib/widget/sparkline.js' {
  import type { BlessedBox } from 'blessed/lib/widgets/box.js';
  import type { BlessedScreen } from 'blessed/lib/widgets/screen.js';

  export interface SparklineWidget extends BlessedBox {
    setData(titles: readonly string[], datasets: readonly (readonly number[])[]): void;
  }

  const createSparkline: (options: {
    readonly parent: BlessedScreen;
    readonly tags: boolean;
    readonly style: { readonly titleFg: string };
  }) => SparklineWidget;
  export default createSparkline;
}
