import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { type RouterConfig, ROUTER_VARIABLE, type RouterSocket } from '../router/config.js';
import { LINK_FD, lineSplitter } from '../wire/frames.js';
import {
  decodeRouterFrame,
  encodeRouterFrame,
  type RouterFrame,
  type RouterOrder,
} from '../wire/router-frames.js';
import type { ProcessEnd } from './spawner.js';
import { pipeOf, spawnNode, spawnProblem } from './spawn-process.js';

/** What a router process tells while it lives, and that it is gone. */
export interface RouterListener {
  frame(pid: number, frame: RouterFrame): void;
  /** Called once, after the last frame of the process has been delivered. */
  exited(pid: number, end: ProcessEnd): void;
  /** The operating system did not start the process. */
  failed(router: number, message: string): void;
}

/** How routers are started. */
export interface RouterStart {
  /** The path of the program. */
  readonly entry: string;
  /** User and group; null for those of the master. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Bound descriptors of this process; a router gets them as its own, from `LINK_FD + 1` on. */
  readonly sockets: readonly RouterSocket[];
}

export interface RouterSpawner {
  /** Starts a process; its pid, or undefined when it failed (then `failed` is called). */
  spawn(config: Omit<RouterConfig, 'sockets'>): number | undefined;
  /** Sends an order; without effect when the process does not read, or is gone. */
  send(pid: number, order: RouterOrder): void;
  kill(pid: number): void;
}

/** A router that does not read its link is sent no more than this. */
const MAX_BACKLOG = 1024 * 1024;

/** The only place that starts and signals router processes. */
export function createRouterSpawner(start: RouterStart, listener: RouterListener): RouterSpawner {
  const children = new Map<number, { child: ChildProcess; link: Duplex }>();
  const sockets = start.sockets.map((socket, index) => ({ ...socket, fd: LINK_FD + 1 + index }));
  return {
    spawn(config) {
      const whole: RouterConfig = { ...config, sockets };
      const started = spawnNode([...process.execArgv, start.entry], {
        stdio: ['ignore', 'inherit', 'inherit', 'pipe', ...start.sockets.map(({ fd }) => fd)],
        env: { ...process.env, [ROUTER_VARIABLE]: JSON.stringify(whole) },
        // As workers: what a terminal sends reaches the master only.
        detached: true,
        ...start.owner,
      });
      if (!started.ok) {
        listener.failed(config.id, started.error);
        return undefined;
      }
      const child = started.value;
      child.once('error', (error) => {
        if (child.pid === undefined) listener.failed(config.id, spawnProblem(error));
      });
      const link = pipeOf(child, LINK_FD);
      const { pid } = child;
      if (pid === undefined || link === null) return undefined;
      children.set(pid, { child, link });
      follow(child, link, pid, listener);
      child.once('close', () => children.delete(pid));
      return pid;
    },
    send(pid, order) {
      const link = children.get(pid)?.link;
      if (link?.writable === true && link.writableLength < MAX_BACKLOG) {
        link.write(encodeRouterFrame(order));
      }
    },
    kill(pid) {
      // Through the handle, so that a reused pid is never hit.
      children.get(pid)?.child.kill('SIGKILL');
    },
  };
}

function follow(child: ChildProcess, link: Duplex, pid: number, listener: RouterListener): void {
  const lines = lineSplitter((line) => {
    const frame = decodeRouterFrame(line);
    if (frame !== null) listener.frame(pid, frame);
  });
  link.setEncoding('utf8');
  link.on('data', (chunk: string) => {
    lines.push(chunk);
  });
  // A router that dies resets the pair; its end is told by 'close' of the child.
  link.on('error', () => undefined);
  // 'close' comes after the link was read to its end, 'exit' may come before.
  child.once('close', (code, signal) => {
    const signalNumber = signal === null ? null : constants.signals[signal];
    listener.exited(pid, { code, signal, signalNumber });
  });
}
