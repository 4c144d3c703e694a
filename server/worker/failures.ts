/** Takes what was thrown or rejected: the state of the process can no longer be trusted. */
export type FailureHandler = (error: unknown, origin: string) => void;

/**
 * Calls `onFailure` for an exception that reached the event loop. Handlers of the application win:
 * where it has its own, ours does nothing. A rejection that nobody handles becomes such an
 * exception by Node's default (`--unhandled-rejections=throw`), so that one hook sees both, and an
 * application that listens to 'unhandledRejection' keeps them to itself.
 */
export function watchFailures(onFailure: FailureHandler): void {
  process.on('uncaughtException', (error, origin) => {
    if (process.listenerCount('uncaughtException') === 1) onFailure(error, origin);
  });
}

/** The stack of anything thrown, for the log. */
export function stackOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.stack ?? `${thrown.name}: ${thrown.message}`;
  return `thrown: ${String(thrown)}`;
}
