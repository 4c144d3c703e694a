import { err, ok, type Result } from '../shared/result.js';
import { runtimeDirectory } from '../shared/runtime-directory.js';
import { VERSION } from '../shared/version.js';
import type { Log } from './log.js';
import { bindSocket, type BoundSocket } from './master/bind.js';
import { readSomaxconn } from './master/listen-queue.js';
import { Master } from './master/master.js';
import { handleSignals } from './master/signals.js';
import { startTriggers } from './master/triggers/triggers.js';
import type { Options } from './options/table.js';
import { startStatsServer, type StatsServer } from './stats/stats-server.js';

/**
 * Runs an instance from its first bind to its last worker, and settles with the exit code. Nothing
 * is left behind: sockets, key and socket files are removed however it ends, short of SIGKILL.
 */
export async function serve(options: Options, log: Log): Promise<number> {
  log(`*** Starting tsuwsgi ${VERSION} (node ${process.version}) ***`);
  log('SIGTERM stops after the requests in flight, SIGINT stops now, SIGHUP replaces the workers');
  warnBacklog(options.listen, log);
  const bound = await bindAll(options['http-socket']);
  if (!bound.ok) {
    log(bound.error);
    return 1;
  }
  const sockets = bound.value;
  sockets.forEach(({ name, fd }, index) => {
    log(`tsuwsgi socket ${index} bound to ${describe(name)} fd ${fd}`);
  });
  log(`spawned tsuwsgi master process (pid: ${process.pid})`);
  const master = new Master(options, sockets, log);
  // From now on a signal is an event, also while the rest is being started.
  const unhandle = handleSignals(master);
  const stats = await startStats(options, master, log);
  if (!stats.ok) {
    log(stats.error);
    closeAll(sockets);
    return 1;
  }
  const triggers = startTriggers(options, master, log);
  if (!triggers.ok) {
    log(triggers.error);
    await stats.value?.close();
    closeAll(sockets);
    return 1;
  }
  master.start();
  const code = await master.ended;
  unhandle();
  triggers.value();
  await stats.value?.close();
  closeAll(sockets);
  log('goodbye to tsuwsgi.');
  return code;
}

function describe(name: string): string {
  return name.includes('/') ? `UNIX address ${name}` : `TCP address ${name}`;
}

function warnBacklog(listen: number, log: Log): void {
  const limit = readSomaxconn();
  if (limit === null || listen <= limit) return;
  log(`--listen ${listen} is above the kernel's limit: ${limit} holds (net.core.somaxconn)`);
}

async function bindAll(addresses: readonly string[]): Promise<Result<BoundSocket[], string>> {
  const sockets: BoundSocket[] = [];
  for (const address of addresses) {
    const socket = await bindSocket(address);
    if (!socket.ok) {
      closeAll(sockets);
      return err(socket.error);
    }
    sockets.push(socket.value);
  }
  return ok(sockets);
}

function closeAll(sockets: readonly BoundSocket[]): void {
  for (const socket of sockets) socket.close();
}

async function startStats(
  options: Options,
  master: Master,
  log: Log,
): Promise<Result<StatsServer | null, string>> {
  if (options.stats.length === 0) return ok(null);
  const server = await startStatsServer({
    addresses: options.stats,
    waitMs: options['stats-wait'],
    http: options['stats-http'],
    readOnly: options['stats-read-only'],
    allowHosts: options['stats-allow-host'],
    bootId: master.bootId,
    version: VERSION,
    document: () => master.snapshots.document(),
    execute: master.orders.execute,
    runtimeDirectory: runtimeDirectory(process.env, process.geteuid?.() ?? 0),
    log,
  });
  if (server.ok) {
    for (const address of server.value.addresses) log(`*** Stats server enabled on ${address} ***`);
  }
  return server;
}
