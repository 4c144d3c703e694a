import type { EventEmitter } from 'node:events';
import { createInputDecoder, type InputEvent } from './input-decoder.js';

/** The part of `tty.ReadStream` that is used, so that tests can bring their own. */
export interface TerminalInput extends EventEmitter {
  setRawMode?(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface InputReader {
  /** Raw mode on, and keys are heard. Also after the terminal's modes were changed behind us. */
  start(): void;
  /** Keys are not heard any more, and the terminal's modes are what they were before `start`. */
  stop(): void;
}

/** Reads keys and pastes; `onGone` is called when there will never be any more. */
export function createInputReader(
  input: TerminalInput,
  onEvent: (event: InputEvent) => void,
  onGone: () => void,
): InputReader {
  let decoder = createInputDecoder();
  let timer: NodeJS.Timeout | undefined;

  const hear = (events: readonly InputEvent[]): void => {
    clearTimeout(timer);
    const patience = decoder.patience();
    if (patience !== undefined) {
      timer = setTimeout(() => {
        hear(decoder.flush());
      }, patience);
    }
    events.forEach(onEvent);
  };
  const onData = (bytes: Uint8Array): void => {
    hear(decoder.push(bytes));
  };

  return {
    start() {
      // A stopped process may continue in a terminal that the shell has reset; Node would think
      // it raw still.
      input.setRawMode?.(false);
      input.setRawMode?.(true);
      decoder = createInputDecoder();
      input.off('data', onData).off('end', onGone).off('error', onGone);
      input.on('data', onData).on('end', onGone).on('error', onGone);
      input.resume();
    },
    stop() {
      clearTimeout(timer);
      input.off('data', onData).off('end', onGone);
      input.pause();
      try {
        input.setRawMode?.(false);
      } catch {
        // The terminal is gone: there is nothing to restore.
      }
    },
  };
}
