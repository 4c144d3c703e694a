import http from 'node:http';
import { get } from './http.js';

/** Clients of both kinds that ask one after the other until they are stopped. */
export interface SteadyLoad {
  /** Complete answers with status 200 so far. */
  readonly answered: () => number;
  /** Everything that was no such answer, as text. */
  readonly failures: readonly string[];
  /** The longest that a client waited for an answer, in milliseconds. */
  readonly worstMs: () => number;
  /** Stops, and waits for what is under way. */
  stop(): Promise<void>;
}

/**
 * `clients` loops that connect anew for each request, and as many on a kept-alive connection of
 * their own. Each failure is kept: there is no retry, also not on a connection that was reused.
 */
export function startSteadyLoad(url: string, clients: number): SteadyLoad {
  let running = true;
  let answered = 0;
  let worst = 0;
  const failures: string[] = [];
  const loop = async (kind: string, agent: http.Agent | undefined): Promise<void> => {
    while (running) {
      const begin = performance.now();
      try {
        const { status } = await get(url, agent);
        if (status === 200) answered++;
        else failures.push(`${kind}: status ${status}`);
      } catch (error) {
        failures.push(`${kind}: ${error instanceof Error ? error.message : String(error)}`);
      }
      worst = Math.max(worst, performance.now() - begin);
    }
    agent?.destroy();
  };
  const loops = Array.from({ length: clients }, () => [
    loop('a new connection', undefined),
    loop('a kept connection', new http.Agent({ keepAlive: true, maxSockets: 1 })),
  ]).flat();
  return {
    answered: () => answered,
    failures,
    worstMs: () => worst,
    async stop() {
      running = false;
      await Promise.all(loops);
    },
  };
}
