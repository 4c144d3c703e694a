import { readFileSync } from 'node:fs';

/** The processes that a master has started, by what they are. */
export interface Children {
  readonly workers: readonly number[];
  /** A new master that is on trial. */
  readonly masters: readonly number[];
}

/** Looks at what a process has started; all of it is empty when that is gone. */
export function childrenOf(pid: number): Children {
  const pids = (textOf(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean);
  const named = pids.map((child) => ({
    pid: Number(child),
    words: (textOf(`/proc/${child}/cmdline`) ?? '').split('\0'),
  }));
  const those = (pattern: RegExp): number[] =>
    named.filter(({ words }) => words.some((word) => pattern.test(word))).map((each) => each.pid);
  return {
    workers: those(/^tsuwsgi worker \d+/),
    masters: those(/(^|\/)(tsuwsgi|server\/main\.js)$/),
  };
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'latin1').trim();
  } catch {
    return null;
  }
}
