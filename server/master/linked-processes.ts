import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { ChildOrigin } from '../logging/collect.js';
import { LINK_FD, lineSplitter } from '../wire/frames.js';
import { type OutputReader, pipeOf, spawnNode, spawnProblem, whenGone } from './spawn-process.js';
import type { ProcessEnd } from './spawner.js';

/** What processes with a link to the master tell while they live, and that they are gone. */
export interface LinkListener<Frame> {
  frame(pid: number, frame: Frame): void;
  /** Called once, after the last frame of the process has been delivered. */
  exited(pid: number, end: ProcessEnd): void;
  /** The operating system did not start the process of this number. */
  failed(id: number, message: string): void;
}

/** What is spoken on a link, a line a frame. */
export interface LinkProtocol<Frame, Order> {
  /** Null when the line is no frame. */
  readonly decode: (line: string) => Frame | null;
  readonly encode: (order: Order) => string;
}

/** Who reads what processes log, and what they are called there. */
export interface Output {
  readonly process: ChildOrigin['process'];
  readonly output: OutputReader;
}

/** What is particular to the start of a process. */
export interface LinkedStart {
  /** Which of its pipes has request lines, where it has one. */
  readonly requestsAt?: number | null;
  /** The command that becomes it, with what it is told first. */
  readonly launcher?: readonly string[] | undefined;
}

/** Processes of one kind, each with a socket pair to the master. */
export interface LinkedProcesses<Order> {
  /** Starts one; its pid, or undefined when it failed (then `failed` is called). */
  readonly start: (
    id: number,
    args: readonly string[],
    options: SpawnOptions,
    how?: LinkedStart,
  ) => number | undefined;
  /** Sends an order; without effect when the process does not read, or is gone. */
  readonly send: (pid: number, order: Order) => void;
  readonly kill: (pid: number) => void;
}

/** A process that does not read its link is sent no more than this. */
const MAX_BACKLOG = 1024 * 1024;

export function createLinkedProcesses<Frame, Order>(
  listener: LinkListener<Frame>,
  protocol: LinkProtocol<Frame, Order>,
  { process, output }: Output,
): LinkedProcesses<Order> {
  const children = new Map<number, { child: ChildProcess; link: Duplex }>();
  return {
    start(id, args, options, { requestsAt = null, launcher = [] } = {}) {
      const started = spawnNode(args, options, launcher);
      if (!started.ok) {
        listener.failed(id, started.error);
        return undefined;
      }
      const child = started.value;
      child.once('error', (error) => {
        if (child.pid === undefined) listener.failed(id, spawnProblem(error));
      });
      const link = pipeOf(child, LINK_FD);
      const { pid } = child;
      if (pid === undefined || link === null) return undefined;
      children.set(pid, { child, link });
      readLink(link, (line) => {
        const frame = protocol.decode(line);
        if (frame !== null) listener.frame(pid, frame);
      });
      const read = output.collect(child, { process, id }, requestsAt);
      whenGone(child, link, read, (code, signal) => {
        const signalNumber = signal === null ? null : constants.signals[signal];
        listener.exited(pid, { code, signal, signalNumber });
        children.delete(pid);
      });
      return pid;
    },
    send(pid, order) {
      const link = children.get(pid)?.link;
      if (link?.writable === true && link.writableLength < MAX_BACKLOG) {
        link.write(protocol.encode(order));
      }
    },
    kill(pid) {
      // Through the handle, so that a reused pid is never hit.
      children.get(pid)?.child.kill('SIGKILL');
    },
  };
}

function readLink(link: Duplex, onLine: (line: string) => void): void {
  const lines = lineSplitter(onLine);
  link.setEncoding('utf8');
  link.on('data', (chunk: string) => {
    lines.push(chunk);
  });
  // A process that dies resets the pair; its end is told by `whenGone`.
  link.on('error', () => undefined);
}
