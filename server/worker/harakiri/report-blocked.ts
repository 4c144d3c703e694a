import type { HarakiriFrame } from '../../wire/harakiri-frames.js';
import { FIELD, type Memory, readCore } from '../memory.js';
import type { MainStack } from '../stack.js';
import { type Blocked, createBlockedWatch } from './blocked.js';

/** What harakiri in the monitor thread works with. */
export interface BlockedSettings {
  readonly memory: Memory;
  readonly queueThreshold: number;
  readonly now: () => number;
  readonly stack: () => Promise<MainStack>;
  readonly send: (frame: HarakiriFrame) => void;
}

/** How a stack is told that could not be taken. */
export const IN_NATIVE_CODE = '(in native code)';

/**
 * Harakiri while the loop is blocked: takes the stack of what blocks it, then tells the master,
 * which kills this worker. Should the loop come back meanwhile, the request is the main thread's
 * again. `look` is to be called at each beat of the monitor thread.
 */
export function reportBlocked(settings: BlockedSettings): { look(): void } {
  const { memory, now } = settings;
  const watch = createBlockedWatch(memory, settings.queueThreshold);
  const report = async (blocked: Blocked): Promise<void> => {
    const stack = await settings.stack();
    if (!watch.holds(blocked)) return;
    settings.send(blockedFrame(blocked, stack, { memory, now: now() }));
  };
  return {
    look() {
      const blocked = watch.look(now());
      if (blocked !== null) void report(blocked);
    },
  };
}

function blockedFrame(
  { core, ageMs }: Blocked,
  stack: MainStack,
  { memory, now }: { readonly memory: Memory; readonly now: number },
): HarakiriFrame {
  const work = readCore(memory, core);
  return {
    type: 'harakiri',
    face: 'blocked',
    core,
    method: work?.method ?? '',
    uri: work?.uri ?? '',
    peer: work?.peer ?? '',
    ageMs: work === null ? ageMs : now - work.started,
    inFlight: memory.fields[FIELD.inFlight] ?? 0,
    queued: memory.fields[FIELD.queued] ?? 0,
    stack: stack.kind === 'javascript' ? stack.frames : [IN_NATIVE_CODE],
  };
}
