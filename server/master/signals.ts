import type { MasterEvent } from './decide/events.js';

/**
 * What a signal means to the master. SIGTERM stops gracefully, where uWSGI 2.0 reloads: that is what
 * every container runtime and init system expects. A second SIGTERM no longer waits for requests.
 */
const MEANINGS = {
  SIGTERM: { type: 'stop', graceful: true },
  SIGINT: { type: 'stop', graceful: false },
  SIGQUIT: { type: 'stop', graceful: false },
  SIGHUP: { type: 'reload', worker: 'all', order: 0 },
  SIGUSR2: { type: 'upgrade' },
} as const satisfies Record<string, MasterEvent>;

/** Turns signals into events, until the returned function is called. */
export function handleSignals(master: { post(event: MasterEvent): void }): () => void {
  const handlers = Object.entries(MEANINGS).map(([signal, event]) => {
    const handler = (): void => {
      master.post(event);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => {
    for (const { signal, handler } of handlers) process.off(signal, handler);
  };
}
