import { BLANK } from './look-code.js';

/** Places in lines: a UTF-16 unit each, and how it looks. */
export interface Grid {
  readonly width: number;
  readonly signs: Uint16Array;
  readonly looks: Int32Array;
}

export const SPACE = 0x20;

export function blankGrid(width: number, height: number): Grid {
  return {
    width,
    signs: new Uint16Array(width * height).fill(SPACE),
    looks: new Int32Array(width * height).fill(BLANK),
  };
}
