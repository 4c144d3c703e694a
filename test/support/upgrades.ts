import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';
import { isAlive, type ServerSettings, startServer, type TestServer } from './server.js';

/** A real tsuwsgi whose master may be followed by others. */
export interface UpgradableServer {
  readonly server: TestServer;
  /** Sends SIGUSR2 to a master and waits for the next one; returns its pid. */
  readonly upgrade: (pid: number) => Promise<number>;
  /** Waits until the log has a line. */
  readonly logged: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Ends a master as SIGTERM does, and waits until every process is gone. */
  readonly end: (pid: number) => Promise<void>;
}

/** Starts tsuwsgi for a test that upgrades it; masters that the test leaves are killed. */
export function startUpgradable(
  t: TestContext,
  args: readonly string[],
  settings: ServerSettings = {},
): UpgradableServer {
  const masters: number[] = [];
  t.after(() => {
    for (const pid of masters) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  const server = startServer(t, args, settings);
  const logged = (pattern: RegExp): Promise<RegExpExecArray> =>
    eventually(`${pattern} in the log:\n${server.output}`, () => pattern.exec(server.output));
  return {
    server,
    logged,
    async upgrade(pid) {
      const before = server.output.length;
      process.kill(pid, 'SIGUSR2');
      const [, successor] = await eventually(`a new master:\n${server.output}`, () =>
        /^master (\d+) has taken over$/m.exec(server.output.slice(before)),
      );
      masters.push(Number(successor));
      return Number(successor);
    },
    async end(pid) {
      process.kill(pid, 'SIGTERM');
      // All of them share the log: it ends with the last one.
      await server.exited();
    },
  };
}
