import type { ControlSession } from '../control/control-session.js';
import type { DocumentStream, Outlet } from './document-stream.js';
import type { Limits } from './limits.js';

/** The documents of one live client, as far as it may have them. */
export interface GatedDocuments extends DocumentStream {
  /** The role of the client has changed. */
  follow(): void;
}

/**
 * Streams at once where whoever can connect may read; under `--stats-secret` while the client has a
 * role, and one that gets none in time is cut.
 */
export function gatedDocuments(
  options: {
    readonly secret: boolean;
    readonly limits: Pick<Limits, 'proofMs'>;
    readonly openDocuments: (outlet: Outlet) => DocumentStream;
  },
  outlet: Outlet,
  control: Pick<ControlSession, 'role'>,
): GatedDocuments {
  let stream: DocumentStream | null = null;
  let intervalMs: number | null = null;
  let deadline: NodeJS.Timeout | undefined;
  const follow = (): void => {
    clearTimeout(deadline);
    if (!options.secret || control.role() !== null) {
      if (stream !== null) return;
      stream = options.openDocuments(outlet);
      if (intervalMs !== null) stream.subscribe(intervalMs);
      return;
    }
    stream?.close();
    stream = null;
    deadline = setTimeout(() => {
      outlet.cut('no key was proven in time');
    }, options.limits.proofMs);
  };
  follow();
  return {
    follow,
    subscribe(ms) {
      intervalMs = ms;
      stream?.subscribe(ms);
    },
    resync() {
      stream?.resync();
    },
    close() {
      clearTimeout(deadline);
      stream?.close();
    },
  };
}
