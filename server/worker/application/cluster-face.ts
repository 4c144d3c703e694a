import cluster from 'node:cluster';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Lets an application that was written for node:cluster run as it is: where it asks whether it is
 * the primary it hears that it is worker `id`, so that it serves and does not fork. This is true for
 * its own files, below `folder` and beside it; packages, which would send their logs or figures to a
 * primary that is none, and Node itself, which would ask it for sockets, hear what is: that this
 * process belongs to no cluster. What an ES module imports by name is the application's view for all.
 */
export function showClusterFace(id: number, folder: string): void {
  const asWorker: Readonly<Record<string, unknown>> = {
    isPrimary: false,
    isMaster: false,
    isWorker: true,
    worker: workerFace(id),
  };
  for (const [name, face] of Object.entries(asWorker)) show(cluster, name, face, folder);
  // There already with --wait-ready, which hears `ready`.
  if (process.send === undefined) show(process, 'send', dropped, folder);
  syncBuiltinESMExports();
}

/** Gives a property another value for the application's own files. */
function show(target: object, name: string, face: unknown, folder: string): void {
  let truth: unknown = Reflect.get(target, name);
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get: () => (isForApplication(folder) ? face : truth),
    set: (value: unknown) => {
      truth = value;
    },
  });
}

/** What is sent to a primary: whoever would hear it is not there. */
function dropped(_message: unknown, ...rest: readonly unknown[]): boolean {
  const callback = rest.at(-1);
  if (typeof callback === 'function') process.nextTick(callback, null);
  return true;
}

/** As the worker of a cluster knows itself. To leave is what SIGTERM does here: requests in flight first. */
function workerFace(id: number): object {
  const leave = (): void => {
    process.kill(process.pid, 'SIGTERM');
  };
  return {
    ...{ id, process, exitedAfterDisconnect: undefined },
    ...{ isConnected: () => true, isDead: () => false },
    ...{ kill: leave, destroy: leave, disconnect: leave },
    send: dropped,
    on: process.on.bind(process),
    once: process.once.bind(process),
  };
}

/** The part of Node that gives an ES module the names it imports: it asks for the application. */
const LOADER = /^node:internal\/(bootstrap|modules)\//;

/** Whether what reads the property now is a file of the application. */
function isForApplication(folder: string): boolean {
  const [reader] = callers().slice(1);
  if (reader === undefined) return true;
  if (reader.startsWith('node:')) return LOADER.test(reader);
  const file = reader.startsWith('file:') ? fileURLToPath(reader) : reader;
  const inside = path.relative(folder, file);
  return !`/${inside}`.includes('/node_modules/');
}

/** The files of the calls under way, from here on; those that have none, such as `Reflect.get`, are left out. */
function callers(): readonly string[] {
  const prepare: unknown = Reflect.get(Error, 'prepareStackTrace');
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 8;
    Error.prepareStackTrace = (_error, sites) => sites;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, isForApplication);
    return (holder.stack ?? []).flatMap((site) => site.getFileName() ?? []);
  } finally {
    Reflect.set(Error, 'prepareStackTrace', prepare);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
