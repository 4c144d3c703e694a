import {
  linkSync,
  lstatSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { dirname, resolve as resolvePath } from 'node:path';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { bindProblem } from '../problems/bind-problem.js';
import { SOCKET_PROBLEMS } from '../problems/sockets.js';
import { descriptorOf, startListening, type Listener, type OnConnection } from './listen-tcp.js';

/**
 * Listens on a socket file. A file that a dead server left is replaced; an active socket and a
 * file of any other kind are not touched. The file goes with the listener, if it is still ours.
 */
export async function listenUnix(
  path: string,
  onConnection: OnConnection,
): Promise<Result<Listener, Problem>> {
  const free = await makeWay(path);
  if (!free.ok) return free;
  const bound = await listenPath(path, path, onConnection);
  if (!bound.ok) return bound;
  const ours = lstatOf(path);
  return ok({
    ...bound.value,
    file: resolvePath(path),
    close: () => {
      closeKeepingOthers(path, ours, bound.value);
    },
    leave: () => {
      closeKeepingFile(path, bound.value);
    },
  });
}

/**
 * Listens on Linux' abstract name `NUL name`; nothing of it is in the file system. An older libuv
 * (that of Node 20) fills the name up with NULs to 108 bytes, which only another Node does too:
 * `log` says so, since uwsgitop and socat cannot connect then.
 */
export async function listenAbstract(
  name: string,
  onConnection: OnConnection,
  log: (line: string) => void,
): Promise<Result<Listener, Problem>> {
  const bound = await listenPath(`\0${name}`, `@${name}`, onConnection);
  if (bound.ok && isPadded(name)) {
    log(
      `stats server: @${name} is padded with NULs by Node ${process.versions.node}: ` +
        'only programs that run on such a Node can connect to it; use a path for others',
    );
  }
  return bound;
}

/** Whether the kernel lists the name only with NULs, which it writes as `@`, behind it. */
function isPadded(name: string): boolean {
  try {
    const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
    return !lines.some((line) => line.endsWith(` @${name}`));
  } catch {
    return false;
  }
}

async function listenPath(
  path: string,
  address: string,
  onConnection: OnConnection,
): Promise<Result<Listener, Problem>> {
  const bound: { listener?: Listener } = {};
  const started = await startListening({ path }, (socket: Socket) => {
    if (bound.listener) onConnection(socket, bound.listener);
    else socket.destroy();
  });
  if (!started.ok) {
    return err(bindProblem(`--stats ${address}`, started.error.code ?? '', started.error.message));
  }
  const server = started.value;
  const close = (): void => {
    server.close();
  };
  bound.listener = {
    address,
    kind: 'unix',
    fd: descriptorOf(server),
    file: null,
    close,
    leave: close,
  };
  return ok(bound.listener);
}

/** Removes a socket file that nobody listens on; `bind` would find the address in use. */
async function makeWay(path: string): Promise<Result<null, Problem>> {
  const about = `--stats ${path}`;
  const there = lstatOf(path);
  if (there === null) return checkFolder(path, about);
  if (!there.isSocket()) {
    return err(SOCKET_PROBLEMS.notASocket(about));
  }
  const probed = await probe(path);
  if (probed === 'active') {
    return err(SOCKET_PROBLEMS.listensThere(about));
  }
  if (probed !== 'stale') return err(bindProblem(about, probed, probed));
  try {
    unlinkSync(path);
  } catch (error) {
    return err(SOCKET_PROBLEMS.staleStays(about, messageOf(error)));
  }
  return ok(null);
}

/** `bind` says EACCES in a folder that is missing, which would send the user the wrong way. */
function checkFolder(path: string, about: string): Result<null, Problem> {
  const folder = dirname(path);
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? ok(null) : err(SOCKET_PROBLEMS.folderMissing(about, folder));
}

/** Whether somebody listens at a socket file: `active`, `stale`, or the code of another error. */
function probe(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('active');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      // A full backlog says EAGAIN: then somebody listens, and is busy.
      if (code === 'EAGAIN') resolve('active');
      else resolve(code === 'ECONNREFUSED' || code === 'ENOENT' ? 'stale' : code);
    });
  });
}

function lstatOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    // Missing or out of reach: `bind` will tell which.
    return null;
  }
}

/** libuv unlinks the path of a socket that it closes, whoever the file belongs to by now. */
function closeKeepingOthers(path: string, ours: Stats | null, listener: Listener): void {
  const there = lstatOf(path);
  if (there === null || (there.ino === ours?.ino && there.dev === ours.dev)) {
    listener.close();
    return;
  }
  closeKeepingFile(path, listener);
}

function closeKeepingFile(path: string, listener: Listener): void {
  const aside = `${path}.${process.pid}.kept`;
  try {
    linkSync(path, aside);
    listener.close();
    renameSync(aside, path);
  } catch {
    // The folder does not let us keep it; then it does not let libuv unlink it either.
    listener.close();
  }
}
