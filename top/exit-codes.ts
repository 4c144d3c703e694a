/** Why the program ends, as the shell sees it: the README and the manual are made from this table. */
export const EXIT_CODES = [
  {
    name: 'done',
    code: 0,
    when: 'it was left, did what was asked, or who read its output had enough',
  },
  { name: 'wrong', code: 1, when: 'the command line is wrong, a file cannot be used, or a bug' },
  {
    name: 'foreign',
    code: 2,
    when: 'something answered, but it is no stats server that can be read',
  },
  { name: 'unreachable', code: 3, when: 'no server was reached: refused, timed out, unknown name' },
  { name: 'recording', code: 4, when: 'the recording could not be written to its end' },
] as const;

export type ExitReason = (typeof EXIT_CODES)[number]['name'];

/** Beside the table: what a signal leads to. */
export const SIGNAL_CODES =
  'signal n ended it: 130 for ^C outside the full screen, where ^C is a key that leaves';

const BY_NAME: ReadonlyMap<string, number> = new Map(
  EXIT_CODES.map(({ name, code }) => [name, code]),
);

/** The number of a reason. */
export function exitCode(reason: ExitReason): number {
  return BY_NAME.get(reason) ?? 1;
}
