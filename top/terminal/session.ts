import { constants } from 'node:os';
import type { Ending } from './ending.js';
import type { InputEvent } from './input-decoder.js';
import { createScreen, type Loss, type Screen, type ScreenLook } from './screen.js';
import type { Appearance } from '../model/appearance.js';
import type { ColourDepth } from './capabilities.js';
import { themeFor } from './theme.js';
import type { Size } from './widgets.js';

/** Signals that end the program; the exit code is 128 and the signal's number, as shells have it. */
const DEADLY = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** A process whose group is nobody's job is not stopped by SIGTSTP: then the screen comes back. */
const STOP_MS = 100;

export interface SessionHandlers {
  readonly onInput: (event: InputEvent) => void;
  readonly onResize: (size: Size) => void;
  /** The program has to end: a signal, a crash, or the terminal is gone. */
  readonly onEnd: (ending: Ending) => void;
}

export interface Session extends Pick<Screen, 'size' | 'paint' | 'redraw' | 'copy'> {
  /** Shows everything in other looks. */
  dress(appearance: Appearance): void;
  /** Gives the terminal back and stops the whole job, as ^Z does; takes it again at `fg`. */
  suspend(): void;
  /** Gives the terminal back for good. */
  close(): void;
}

/** What the exit code of a signal is. */
export function signalEnding(signal: NodeJS.Signals): Ending {
  return { code: 128 + constants.signals[signal] };
}

/** The full screen of this process, which gives the terminal back on every way out. */
export function openSession(
  { colours, ...first }: Appearance & { readonly colours: ColourDepth },
  handlers: SessionHandlers,
): Session {
  let timer: NodeJS.Timeout | undefined;
  const guards: (() => void)[] = [];
  const guard = (event: string, handler: (given: unknown) => void): void => {
    process.on(event, handler);
    guards.push(() => process.off(event, handler));
  };
  for (const signal of DEADLY) {
    guard(signal, () => {
      handlers.onEnd(signalEnding(signal));
    });
  }
  guard('uncaughtException', (error) => {
    handlers.onEnd({ code: 1, message: traceOf(error) });
  });

  const { stdin, stdout, stderr } = process;
  const lookOf = ({ theme, ascii, mouse }: Appearance): ScreenLook => {
    return { theme: themeFor(colours, theme), ascii, mouse };
  };
  const screen = createScreen({
    input: stdin,
    output: stdout,
    hushed: stderr.isTTY ? [stdout, stderr] : [stdout],
    ...lookOf(first),
    ...handlers,
    onLoss: (loss) => {
      handlers.onEnd(lossEnding(loss));
    },
  });

  const resume = (): void => {
    clearTimeout(timer);
    process.off('SIGTSTP', suspend).on('SIGTSTP', suspend);
    screen.enter();
    // The size may have changed while another job had the terminal, which then got the signal.
    process.kill(process.pid, 'SIGWINCH');
  };
  const suspend = (): void => {
    screen.leave();
    process.off('SIGTSTP', suspend);
    process.kill(0, 'SIGTSTP');
    timer = setTimeout(resume, STOP_MS);
  };
  const close = (): void => {
    clearTimeout(timer);
    process.off('SIGTSTP', suspend);
    for (const remove of guards) remove();
    screen.close();
  };
  guard('SIGCONT', resume);
  guard('exit', close);
  process.on('SIGTSTP', suspend);
  screen.enter();
  const dress = (appearance: Appearance): void => {
    screen.dress(lookOf(appearance));
  };
  return { ...screen, dress, suspend, close };
}

/** EPIPE stands for the SIGPIPE that Node ignores. */
function lossEnding(loss: Loss): Ending {
  return signalEnding(loss === 'broken-pipe' ? 'SIGPIPE' : 'SIGHUP');
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
