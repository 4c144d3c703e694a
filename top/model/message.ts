import type { Command } from '../../shared/commands.js';
import type { ClientEvent } from './client-event.js';
import type { Appearance } from './appearance.js';
import type { Target } from './target.js';

/** Everything that can happen to the dashboard. `at` is the monotonic clock in milliseconds. */
export type Message =
  | { readonly type: 'client'; readonly event: ClientEvent }
  /**
   * One key as a name: a printable character stands for itself (`q`, `R`, `+`, `é`); the others are
   * `up down left right pageup pagedown home end enter escape tab backtab backspace delete space
   * f1`–`f12`, and with Ctrl `ctrl-a`–`ctrl-z`.
   */
  | { readonly type: 'key'; readonly at: number; readonly key: string }
  /** Text pasted by the terminal: never a key. */
  | { readonly type: 'paste'; readonly at: number; readonly text: string }
  | { readonly type: 'click'; readonly at: number; readonly target: Target }
  /** The wheel, towards the end (1) or the beginning (-1). */
  | { readonly type: 'wheel'; readonly at: number; readonly step: 1 | -1 }
  /** What became of an effect, for the person. */
  | { readonly type: 'told'; readonly at: number; readonly text: string }
  | { readonly type: 'resize'; readonly width: number; readonly height: number }
  /** The passing of time; `wallMs` is milliseconds since 1970. */
  | { readonly type: 'tick'; readonly at: number; readonly wallMs: number };

/** What the dashboard wants done: the only carrier of side effects. */
export type Effect =
  | { readonly type: 'command'; readonly id: number; readonly command: Command }
  | { readonly type: 'interval'; readonly ms: number }
  | { readonly type: 'refresh' }
  /** Stop the time of a recording, or let it pass. */
  | { readonly type: 'hold'; readonly held: boolean }
  /** So many times as fast as real time goes a recording from now on. */
  | { readonly type: 'speed'; readonly speed: number }
  /** Show a recording from so many milliseconds after its beginning on; only what is to come. */
  | { readonly type: 'seek'; readonly to: number }
  | { readonly type: 'appearance'; readonly appearance: Appearance }
  /** Write the settings to their file. */
  | { readonly type: 'save'; readonly text: string }
  /** Put the marked line into the clipboard. */
  | { readonly type: 'copy' }
  /** Draw everything afresh, whatever the terminal holds. */
  | { readonly type: 'redraw' }
  /** Give the terminal back and stop, as ^Z does; continue at `fg`. */
  | { readonly type: 'suspend' }
  | { readonly type: 'quit' };
