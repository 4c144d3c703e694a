import { readFileSync } from 'node:fs';

/** What names a process beyond doubt, and who started it. */
export interface ProcessStat {
  readonly parent: number;
  /** When it started, in ticks since the machine did: another process under its pid has another. */
  readonly started: string;
}

/**
 * Reads /proc/PID/stat; null when there is no such process. It does not wait, so that nothing
 * happens between looking and what is done about it.
 */
export function readStat(proc: string, pid: number): ProcessStat | null {
  let text: string;
  try {
    text = readFileSync(`${proc}/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name stands in parentheses and may hold any character, these among them.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  const [state, parent] = fields;
  const started = fields[19];
  if (started === undefined || state === 'Z' || state === 'X') return null;
  return { parent: Number(parent), started };
}
