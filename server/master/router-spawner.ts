import type { SpawnOptions } from 'node:child_process';
import { type RouterConfig, ROUTER_VARIABLE, type RouterSocket } from '../router/config.js';
import { LINK_FD } from '../wire/frames.js';
import {
  decodeRouterFrame,
  encodeRouterFrame,
  type RouterFrame,
  type RouterOrder,
} from '../wire/router-frames.js';
import { outputOf, type OutputReader } from './spawn-process.js';
import {
  createLinkedProcesses,
  type LinkedProcesses,
  type LinkListener,
} from './linked-processes.js';

/** How routers are started. */
export interface RouterStart {
  /** The path of the program. */
  readonly entry: string;
  /** User and group; null for those of the master. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Bound descriptors of this process; a router gets them as its own, from `LINK_FD + 1` on. */
  readonly sockets: readonly RouterSocket[];
  /** Who reads what they log. */
  readonly output: OutputReader;
}

export interface RouterSpawner extends Pick<LinkedProcesses<RouterOrder>, 'send' | 'kill'> {
  /** Starts a process; its pid, or undefined when it failed (then `failed` is called). */
  spawn(config: Omit<RouterConfig, 'sockets' | 'requestsFd'>): number | undefined;
}

/** The only place that starts and signals router processes. */
export function createRouterSpawner(
  start: RouterStart,
  listener: LinkListener<RouterFrame>,
): RouterSpawner {
  const protocol = { decode: decodeRouterFrame, encode: encodeRouterFrame };
  const { output } = start;
  const processes = createLinkedProcesses<RouterFrame, RouterOrder>(listener, protocol, {
    process: 'http',
    output,
  });
  const sockets = start.sockets.map((socket, index) => ({ ...socket, fd: LINK_FD + 1 + index }));
  return {
    spawn(config) {
      const requestsFd = output.isCollecting ? LINK_FD + 1 + sockets.length : null;
      const whole: RouterConfig = { ...config, sockets, requestsFd };
      const inherited = start.sockets.map(({ fd }) => fd);
      const requests = output.isCollecting ? (['pipe'] as const) : [];
      const options: SpawnOptions = {
        stdio: [...outputOf(output), 'pipe', ...inherited, ...requests],
        env: { ...process.env, [ROUTER_VARIABLE]: JSON.stringify(whole) },
        // As workers: what a terminal sends reaches the master only.
        detached: true,
        ...start.owner,
      };
      return processes.start(config.id, [...process.execArgv, start.entry], options, {
        requestsAt: requestsFd,
      });
    },
    send: processes.send,
    kill: processes.kill,
  };
}
