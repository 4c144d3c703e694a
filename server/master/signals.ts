import type { EventEmitter } from 'node:events';
import type { MasterEvent } from './decide/events.js';

/**
 * What a signal means to the master. SIGTERM stops gracefully, where uWSGI 2.0 reloads: that is what
 * every container runtime and init system expects; `--die-on-term`, which asks uWSGI for it, changes
 * nothing. SIGQUIT does the same, since that is what a graceful stop is to nginx and php-fpm. A
 * second signal no longer waits for requests, and one after a stop at once leaves it to the kernel.
 */
const MEANINGS = {
  SIGTERM: { type: 'stop', graceful: true, by: 'SIGTERM' },
  SIGINT: { type: 'stop', graceful: false },
  SIGQUIT: { type: 'stop', graceful: true, by: 'SIGQUIT' },
  SIGHUP: { type: 'reload', worker: 'all', order: 0 },
  SIGTTIN: { type: 'scale', by: 1 },
  SIGTTOU: { type: 'scale', by: -1 },
  SIGTSTP: { type: 'pause' },
  SIGCONT: { type: 'pause', paused: false },
  // Without a handler Node would open its inspector.
  SIGUSR1: { type: 'statistics' },
  SIGUSR2: { type: 'upgrade' },
} as const satisfies Record<string, MasterEvent>;

/**
 * A terminal that closes is told of twice, to the leader of its session and to its foreground: a
 * hang-up waits so long for another one, and both are one reload. It begins after both, so that no
 * change of the application goes unseen.
 */
const HANG_UP_MS = 50;

/**
 * Turns signals of `target`, which is `process`, into events, until the returned function is called.
 * From then on they do nothing: what is left to do is to clean up, which takes moments and must not be
 * cut short. A ^C may come twice, from the terminal and from who started this process.
 */
export function handleSignals(
  master: { post(event: MasterEvent): void },
  target: Pick<EventEmitter, 'on'> = process,
): () => void {
  let hungUp: NodeJS.Timeout | undefined;
  let isOver = false;
  for (const [signal, event] of Object.entries(MEANINGS)) {
    const post = (): void => {
      if (!isOver) master.post(event);
    };
    target.on(signal, () => {
      if (signal !== 'SIGHUP') {
        post();
        return;
      }
      hungUp ??= setTimeout(() => {
        hungUp = undefined;
        post();
      }, HANG_UP_MS);
    });
  }
  return () => {
    isOver = true;
    clearTimeout(hungUp);
  };
}
