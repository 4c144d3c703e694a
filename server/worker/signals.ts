import type { EventEmitter } from 'node:events';

/** Signals that are the worker's, whatever the application listens to. */
export const TAKEN = ['SIGHUP', 'SIGTERM', 'SIGINT', 'SIGUSR1'] as const;

export type TakenSignal = (typeof TAKEN)[number];

/** What is used of an emitter: `process` is one without being of its class. */
type EmitterLike = Pick<EventEmitter, 'emit' | 'on' | 'rawListeners' | 'removeAllListeners'>;

export interface Signals {
  /**
   * What the application wants to be called on SIGTERM, in order; asking changes nothing. One that
   * listens to SIGINT only was written for PM2, which ends processes with that: then its listeners
   * for that.
   */
  terminators(): readonly (() => unknown)[];
}

/**
 * Takes the signals of `TAKEN` on `target`, which is `process`: `onSignal` is called for each, and
 * the application's own listeners are not, except those for SIGUSR1, which are called as well. They
 * may be added and removed as ever; those for SIGTERM, or else for SIGINT, are called at the farewell.
 *
 * It stands in front of `emit`, which Node binds when the first listener for a signal is added. So
 * listeners that a preload had added before are removed and added again. A listener of its own keeps
 * Node from giving a signal its default effect back; `removeAllListeners` does not get rid of it.
 * From this call on SIGUSR1 cannot open Node's inspector.
 */
export function takeSignals(target: EmitterLike, onSignal: (signal: TakenSignal) => void): Signals {
  const earlier = TAKEN.flatMap((signal) =>
    target.rawListeners(signal).map((listener) => ({ signal, listener })),
  );
  for (const signal of TAKEN) target.removeAllListeners(signal);
  const original = target.emit.bind(target) as (...args: unknown[]) => boolean;
  const keep = (): void => undefined;

  function emit(event: string | symbol, ...args: unknown[]): boolean {
    const signal = TAKEN.find((name) => name === event);
    if (signal !== undefined) onSignal(signal);
    if (signal !== undefined && signal !== 'SIGUSR1') return true;
    const heard = original(event, ...args);
    if (event === 'removeListener' && args[1] === keep) target.on(args[0] as TakenSignal, keep);
    return heard;
  }
  Reflect.set(target, 'emit', emit);
  for (const signal of TAKEN) target.on(signal, keep);
  for (const { signal, listener } of earlier) target.on(signal, listener as () => void);
  const own = (signal: 'SIGTERM' | 'SIGINT'): readonly (() => unknown)[] =>
    target
      .rawListeners(signal)
      .filter((listener) => listener !== keep)
      .map(
        (listener) => () => Reflect.apply(listener, target, [signal, NUMBERS[signal]]) as unknown,
      );
  return {
    terminators: () => {
      const listeners = own('SIGTERM');
      return listeners.length > 0 ? listeners : own('SIGINT');
    },
  };
}

/** Node gives them to listeners as the second argument. */
const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
