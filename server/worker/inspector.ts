import inspector from 'node:inspector';
import { createServer } from 'node:net';
import type { InspectPlace } from '../options/inspect.js';

/** How often a port that another process holds is tried again, milliseconds. */
const AGAIN_MS = 250;

/**
 * Opens this worker's inspector. In a reload the process before has the port until it is gone:
 * Node's own flag would end the new one for that, so this waits. An address that cannot be had at
 * all is told once.
 */
export function openInspector(place: InspectPlace, tell: (line: string) => void): void {
  let isTold = false;
  const attempt = (): void => {
    const probe = createServer();
    probe.unref();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') {
        tell(`no inspector at ${nameOf(place)}: ${error.message}`);
        return;
      }
      if (!isTold) tell(`the inspector waits until ${nameOf(place)} is free`);
      isTold = true;
      setTimeout(attempt, AGAIN_MS).unref();
    });
    probe.listen({ ...place, exclusive: true }, () => {
      // It says "Debugger listening on ..." itself.
      probe.close(() => {
        inspector.open(place.port, place.host);
      });
    });
  };
  attempt();
}

function nameOf({ host, port }: InspectPlace): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
