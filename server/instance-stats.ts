import type { Problem } from '../shared/problem.js';
import { ok, type Result } from '../shared/result.js';
import { runtimeDirectory } from '../shared/runtime-directory.js';
import { VERSION } from '../shared/version.js';
import type { Log } from './log.js';
import type { Master } from './master/master.js';
import type { Options } from './options/table.js';
import { runtimeEnvironment } from './ownership/runtime-environment.js';
import type { ListenOptions } from './stats/listen.js';
import type { Listener } from './stats/listen-tcp.js';
import { parseTlsOption } from './options/stats-tls.js';
import { readTlsContext, type TlsContext } from './stats/tls-side.js';
import { startStatsServer, type StatsServer } from './stats/stats-server.js';

/** What the stats server has to do with other masters and other users. */
export interface StatsSurroundings {
  readonly inherited: Pick<ListenOptions, 'claim' | 'takenOver'>;
  /** Is called when everything is bound: the files are given away and root is given up here. */
  readonly onBound: (listeners: readonly Listener[]) => Result<null, Problem>;
  /** Whether the instance was told to end. */
  readonly isStopping: () => boolean;
  /** The user that the key will belong to. */
  readonly uid: number;
}

/** Starts the stats server of an instance; null without `--stats`. */
export async function startInstanceStats(
  options: Options,
  master: Master,
  surroundings: StatsSurroundings,
  log: Log,
): Promise<Result<StatsServer | null, Problem>> {
  const { inherited, onBound, isStopping, uid } = surroundings;
  const tls = readTls(options['stats-tls']);
  if (!tls.ok) return tls;
  if (options.stats.length + tls.value.length === 0) {
    const settled = onBound([]);
    return settled.ok ? ok(null) : settled;
  }
  const server = await startStatsServer({
    addresses: options.stats,
    tls: tls.value,
    secret: options['stats-secret'],
    waitMs: options['stats-wait'],
    http: options['stats-http'],
    minified: options['stats-minified'],
    readOnly: options['stats-read-only'],
    allowHosts: options['stats-allow-host'],
    bootId: master.bootId,
    version: VERSION,
    document: () => master.snapshots.document(),
    memory: master.memory,
    isStopping,
    execute: master.orders.execute,
    runtimeDirectory: runtimeDirectory(runtimeEnvironment(uid), uid),
    log,
    inherited,
    onBound,
  });
  if (server.ok) {
    for (const { address, written } of server.value.listeners) {
      const how = tls.value.some((context) => context.written === written) ? ' with TLS' : '';
      log(`*** Stats server enabled${how} on ${address} ***`);
    }
  }
  return server;
}

/** What `--stats-tls` names is read here, while the process is still who was started. */
function readTls(
  written: readonly string[],
): Result<readonly (TlsContext & { readonly address: string })[], Problem> {
  const contexts: (TlsContext & { readonly address: string })[] = [];
  for (const text of written) {
    const option = parseTlsOption(text);
    if (!option.ok) return option;
    const context = readTlsContext(option.value);
    if (!context.ok) return context;
    contexts.push({ ...context.value, address: option.value.address });
  }
  return ok(contexts);
}
