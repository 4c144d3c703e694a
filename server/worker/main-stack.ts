import { FIELD, type Memory } from './memory.js';
import { BEAT_MS } from './sample.js';
import { interruptMain, isMainRunning, type MainStack } from './stack.js';

/**
 * Tells what the main thread is doing, from the monitor thread; one question at a time. Whether it
 * is idle is found out without touching it: a pause would hit the code that runs next.
 */
export function createMainStack(memory: Memory, now: () => number): () => Promise<MainStack> {
  let last: Promise<unknown> = Promise.resolve();
  const take = async (): Promise<MainStack> => {
    const silence = now() - (memory.fields[FIELD.heartbeat] ?? 0);
    const turns = silence <= 2 * BEAT_MS;
    if (turns && !isMainRunning()) return { kind: 'idle' };
    // Without an inspector (a Node built so) the stack is as far away as in native code.
    const stack = await interruptMain().catch((): MainStack => ({ kind: 'native' }));
    // A turning loop that ran nothing to interrupt has gone to sleep again.
    return turns && stack.kind === 'native' ? { kind: 'idle' } : stack;
  };
  return () => {
    const next = last.then(take);
    last = next;
    return next;
  };
}
