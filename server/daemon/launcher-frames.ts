import { integerIn, isFields, textUpTo } from '../../shared/fields.js';

/**
 * What an instance in the background tells the command that put it there: one JSON object a line,
 * over the descriptor that it inherits as `LAUNCHER_FD`.
 */
export type LauncherFrame =
  | { readonly type: 'started'; readonly pid: number }
  /** Every process that is wanted is ready. */
  | { readonly type: 'serving' }
  /** It does not get there, and ends. */
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'ended'; readonly code: number };

/** The variable that says that there is such a descriptor. */
export const DAEMON_VARIABLE = 'TSUWSGI_DAEMON';

export const LAUNCHER_FD = 3;

const MAX_REASON = 4096;

/** Reads a line; null when it is no frame. */
export function decodeLauncherFrame(line: string): LauncherFrame | null {
  const value = parse(line);
  if (!isFields(value)) return null;
  const pid = integerIn(value['pid'], 1, 2 ** 31);
  const code = integerIn(value['code'], 0, 255);
  const reason = textUpTo(value['reason'], MAX_REASON);
  switch (value['type']) {
    case 'started':
      return pid === undefined ? null : { type: 'started', pid };
    case 'serving':
      return { type: 'serving' };
    case 'failed':
      return reason === undefined ? null : { type: 'failed', reason };
    case 'ended':
      return code === undefined ? null : { type: 'ended', code };
    default:
      return null;
  }
}

export function encodeLauncherFrame(frame: LauncherFrame): string {
  const { type } = frame;
  return `${JSON.stringify(type === 'failed' ? { type, reason: frame.reason.slice(0, MAX_REASON) } : frame)}\n`;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
