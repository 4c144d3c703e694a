import type { MessagePort } from 'node:worker_threads';

/**
 * Hooks of Node's module loader, which run in a thread of the loader's: they change nothing, and
 * tell the main thread the URL of every file that is loaded as an ES module or by `import`.
 */

let port: MessagePort | undefined;

/** Called by Node with what `register` was given. */
export function initialize(data: { readonly port: MessagePort }): void {
  port = data.port;
}

/** Called by Node for each module, also for one that turns out to be broken. */
export function load(
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => unknown,
): unknown {
  if (url.startsWith('file:')) port?.postMessage(url);
  return next(url, context);
}
