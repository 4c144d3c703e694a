/**
 * The promise that a module exports as `ready`, by itself or in the object it exports as default.
 * A function is not called: Fastify, for one, has such a method of its own.
 */
export function exportedReady(namespace: object): PromiseLike<unknown> | undefined {
  const inner: unknown = Reflect.get(namespace, 'default');
  const places = typeof inner === 'object' && inner !== null ? [namespace, inner] : [namespace];
  return places.map((place): unknown => Reflect.get(place, 'ready')).find(isThenable);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

export interface ReadySignal {
  /** Resolves when the application has said that it is ready. */
  readonly said: Promise<void>;
}

/**
 * Gives the application `process.send`, which it has under PM2 and a worker has not: `'ready'` is
 * what PM2's `wait_ready` waits for. Anything else that is sent is dropped, since nobody listens.
 */
export function hearReady(target: { send?: unknown }): ReadySignal {
  let settle: () => void = () => undefined;
  const said = new Promise<void>((resolve) => (settle = resolve));
  target.send = (message: unknown, ...rest: readonly unknown[]): boolean => {
    if (message === 'ready') settle();
    const callback = rest.at(-1);
    if (typeof callback === 'function') process.nextTick(callback, null);
    return true;
  };
  return { said };
}

/**
 * Waits until the application is ready: it said so, or the promise that it exports came true. Rejects
 * with what that promise was rejected with, or when `limit` was reached. `namespace` is the module
 * once it is evaluated, which may be later than it listens.
 */
export async function untilReady(
  heard: ReadySignal,
  namespace: Promise<object | undefined>,
  limit: AbortSignal,
): Promise<void> {
  const exported = namespace.then(async (module) => {
    const promise = module === undefined ? undefined : exportedReady(module);
    if (promise === undefined) return new Promise<never>(() => undefined);
    await promise;
    return undefined;
  });
  await Promise.race([heard.said, exported, whenReached(limit)]);
}

function whenReached(limit: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void => {
      reject(
        new Error(
          "the application has not said in time that it is ready: call process.send('ready'), " +
            'export a promise named ready, or allow it more with --boot-timeout',
        ),
      );
    };
    if (limit.aborted) fail();
    else limit.addEventListener('abort', fail, { once: true });
  });
}
