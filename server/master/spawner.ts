import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import {
  decodeSampleLine,
  decodeWorkerFrame,
  encodeFrame,
  isSampleLine,
  LINK_FD,
  lineSplitter,
  type MasterFrame,
  type WorkerFrame,
} from '../wire/frames.js';
import type { Result } from '../../shared/result.js';
import type { Sample } from '../wire/sample-frames.js';
import { CONFIG_VARIABLE, type WorkerConfig, type WorkerSocket } from '../worker/config.js';
import {
  outputOf,
  type OutputReader,
  pipeOf,
  spawnNode,
  spawnProblem,
  whenGone,
} from './spawn-process.js';
import type { Tallies } from './tallies.js';

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** The number of `signal`. */
  readonly signalNumber: number | null;
}

/** What a worker process tells while it lives, and that it is gone. */
export interface SpawnListener {
  frame(pid: number, frame: Exclude<WorkerFrame, Sample>): void;
  /** A sample came. Ten come in a second and few are asked for, so reading it is left to `read`. */
  sample(pid: number, read: () => Sample | null): void;
  /**
   * Called once, after the last frame of the process has been delivered, with what the process had
   * counted at its end, where it could leave that.
   */
  exited(pid: number, end: ProcessEnd, tally: Sample | null): void;
  /** The operating system did not start the process. */
  failed(worker: number, message: string): void;
}

/** How workers are started. */
export interface WorkerStart {
  /** The path of the program. */
  readonly entry: string;
  /** Node's flags, as they are now. */
  readonly flags: () => readonly string[];
  /** The folder they start in; undefined for that of the master. */
  readonly folder: string | undefined;
  /** Words before the name of Node. */
  readonly launcher: readonly string[];
  /** User and group; null for those of the master. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly tallies: Tallies;
  /** What stands in their environment besides that of the master. */
  readonly environment: Readonly<Record<string, string>>;
  /** Who reads what they log. */
  readonly output: OutputReader;
}

export interface Spawner {
  /** Starts a process; its pid, or undefined when it failed (then `failed` is called). */
  spawn(config: Omit<WorkerConfig, 'sockets' | 'tally' | 'requestsFd'>): number | undefined;
  /** Sends a frame; without effect when the process does not read, or is gone. */
  send(pid: number, frame: MasterFrame): void;
  kill(pid: number): void;
}

/** More than any backlog of frames we send: a worker that does not read its link is sent no more. */
const MAX_BACKLOG = 64 * 1024;

/**
 * The only place that starts and signals worker processes. What `socketsOf` gives for a worker are
 * bound descriptors of this process; each of its processes gets them as its own, from `LINK_FD + 1`
 * on, after them the tallies, and after these the pipe for request lines, if the log is collected.
 */
export function createSpawner(
  socketsOf: (worker: number) => readonly WorkerSocket[],
  start: WorkerStart,
  listener: SpawnListener,
): Spawner {
  const children = new Map<number, { child: ChildProcess; link: Duplex }>();
  const { tallies, output } = start;
  return {
    spawn(config) {
      const offset = tallies.take();
      const { inherited, ...places } = placesOf(socketsOf(config.id), start, offset);
      const started = launch(start, { ...config, ...places }, inherited);
      if (!started.ok) {
        tallies.close(offset);
        listener.failed(config.id, started.error);
        return undefined;
      }
      const child = started.value;
      child.once('error', (error) => {
        if (child.pid === undefined) listener.failed(config.id, spawnProblem(error));
      });
      const link = pipeOf(child, LINK_FD);
      if (child.pid === undefined || link === null) {
        tallies.close(offset);
        return undefined;
      }
      const { pid } = child;
      children.set(pid, { child, link });
      const origin = { process: 'worker', id: config.id } as const;
      const read = output.collect(child, origin, places.requestsFd);
      const leave = (): Sample | null => {
        children.delete(pid);
        return tallies.close(offset);
      };
      follow({ child, pid, link, read, leave }, listener);
      return pid;
    },
    send(pid, frame) {
      const link = children.get(pid)?.link;
      if (link?.writable === true && link.writableLength < MAX_BACKLOG) {
        link.write(encodeFrame(frame));
      }
    },
    kill(pid) {
      // Through the handle, so that a reused pid is never hit.
      children.get(pid)?.child.kill('SIGKILL');
    },
  };
}

/** Starts the process of a worker. */
function launch(
  start: WorkerStart,
  config: WorkerConfig,
  inherited: readonly (number | 'pipe')[],
): Result<ChildProcess, string> {
  return spawnNode(
    [...start.flags(), start.entry],
    {
      stdio: [...outputOf(start.output), 'pipe', ...inherited],
      env: { ...process.env, ...start.environment, ...environmentOf(config) },
      // A session of its own (setsid): what a terminal sends to its foreground process group
      // reaches the master only, so that a signal which a worker gets was meant for it.
      detached: true,
      ...(start.folder !== undefined && { cwd: start.folder }),
      // libuv clears the further groups before it changes user and group.
      ...start.owner,
    },
    start.launcher,
  );
}

/** What a worker inherits behind its link, and where it finds it. */
function placesOf(
  sockets: readonly WorkerSocket[],
  { tallies, output }: WorkerStart,
  offset: number,
): Pick<WorkerConfig, 'sockets' | 'tally' | 'requestsFd'> & {
  readonly inherited: readonly (number | 'pipe')[];
} {
  const first = LINK_FD + 1;
  const held = [...sockets.map(({ fd }) => fd), ...(tallies.fd === null ? [] : [tallies.fd])];
  return {
    sockets: sockets.map((socket, index) => ({ ...socket, fd: first + index })),
    tally: tallies.fd === null ? null : { fd: first + sockets.length, offset },
    requestsFd: output.isCollecting ? first + held.length : null,
    inherited: output.isCollecting ? [...held, 'pipe'] : held,
  };
}

/**
 * What the application may read of its place: `TSUWSGI_WORKER_ID` counts from 1 as the stats do,
 * `NODE_APP_INSTANCE` from 0 as PM2 does, so that "only in the first one" goes on to work.
 */
function environmentOf(config: WorkerConfig): Record<string, string> {
  return {
    [CONFIG_VARIABLE]: JSON.stringify(config),
    TSUWSGI_WORKER_ID: String(config.id),
    NODE_APP_INSTANCE: String(config.id - 1),
  };
}

interface Followed {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly link: Duplex;
  /** Settles when what it wrote was read. */
  readonly read: Promise<void>;
  /** Gives back what the process held in the master; what it had counted. */
  readonly leave: () => Sample | null;
}

function follow({ child, pid, link, read, leave }: Followed, listener: SpawnListener): void {
  const lines = lineSplitter((line) => {
    if (isSampleLine(line)) {
      listener.sample(pid, () => decodeSampleLine(line));
      return;
    }
    const frame = decodeWorkerFrame(line);
    if (frame?.type === 'sample') listener.sample(pid, () => frame);
    else if (frame !== null) listener.frame(pid, frame);
  });
  link.setEncoding('utf8');
  link.on('data', (chunk: string) => {
    lines.push(chunk);
  });
  // A worker that dies resets the pair; its end is told by `whenGone`.
  link.on('error', () => undefined);
  whenGone(child, link, read, (code, signal) => {
    const signalNumber = signal === null ? null : constants.signals[signal];
    listener.exited(pid, { code, signal, signalNumber }, leave());
  });
}
