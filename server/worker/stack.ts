import { readFileSync } from 'node:fs';
import inspector from 'node:inspector';

/** What the main thread is doing. */
export type MainStack =
  | { readonly kind: 'javascript'; readonly frames: readonly string[] }
  /** It is inside native code, or some JavaScript that cannot be interrupted. */
  | { readonly kind: 'native' }
  /** Its loop turns and nothing runs. */
  | { readonly kind: 'idle' };

/** How long the main thread gets to show that it obeys; native code does so only when it returns. */
const SIGN_MS = 200;
/** How long it gets from then on: it looks for all its scripts first, all over its heap. */
const ANSWER_MS = 1500;

/** Bounds of a stack, so that it fits into any frame and message. */
export const STACK = { frames: 50, frame: 240, total: 7500 } as const;

/**
 * Takes the JavaScript stack of the main thread from another thread of the process, innermost
 * function first, as `function (file:line:column)`. The main thread is interrupted for some
 * milliseconds, then goes on. Not to be asked while nothing runs there: what ran next would stop.
 */
export async function interruptMain(): Promise<Exclude<MainStack, { kind: 'idle' }>> {
  const session = new inspector.Session();
  session.connectToMainThread();
  const files = new Map<string, string>();
  const calls = await pausedIn(session, files);
  if (calls !== null) session.post('Debugger.resume');
  // A pause that has not come yet is taken back with the session.
  session.disconnect();
  if (calls === null) return { kind: 'native' };
  return { kind: 'javascript', frames: bounded(calls.map((call) => describe(call, files))) };
}

/** The calls under way, or null when there was no answer in time; fills in the files by script. */
function pausedIn(
  session: inspector.Session,
  files: Map<string, string>,
): Promise<inspector.Debugger.CallFrame[] | null> {
  return new Promise((resolve) => {
    const giveUp = (): void => {
      resolve(null);
    };
    let limit = setTimeout(giveUp, SIGN_MS);
    // Answered at once by whatever can be interrupted at all.
    session.post('Schema.getDomains', () => {
      clearTimeout(limit);
      limit = setTimeout(giveUp, ANSWER_MS);
    });
    session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, params.url));
    session.once('Debugger.paused', ({ params }) => {
      clearTimeout(limit);
      resolve(params.callFrames);
    });
    session.post('Debugger.enable');
    session.post('Debugger.pause');
  });
}

function describe(call: inspector.Debugger.CallFrame, files: ReadonlyMap<string, string>): string {
  const { functionName, location, url } = call;
  const file = (url === '' ? files.get(location.scriptId) : url) ?? '';
  const name = functionName === '' ? '(anonymous)' : functionName;
  const place = `${plainPath(file)}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`;
  return printable(`${name} (${place})`);
}

function plainPath(url: string): string {
  return url === '' ? '(no file)' : url.replace(/^file:\/\//, '');
}

/** Names come from the application, and end up in logs and terminals. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?').slice(0, STACK.frame);
}

/** As many of the innermost frames as the bounds allow. */
export function bounded(frames: readonly string[]): string[] {
  const kept: string[] = [];
  let total = 0;
  for (const frame of frames.slice(0, STACK.frames)) {
    total += frame.length + 1;
    if (total > STACK.total) break;
    kept.push(frame);
  }
  return kept;
}

/**
 * Whether the kernel has the main thread of this process running or ready to run; false where
 * there is no /proc to tell.
 */
export function isMainRunning(): boolean {
  try {
    // The thread's state stands behind the command, which is in parentheses and may hold anything.
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'latin1');
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'R';
  } catch {
    return false;
  }
}
