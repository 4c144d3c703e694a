import { createLatencyWindow } from '../../server/master/decide/latency-window.js';
import { createRegistry } from '../../server/master/decide/registry.js';
import { createRouterBook } from '../../server/master/decide/routers/router-book.js';
import { createSpoolerBook } from '../../server/master/decide/spoolers/spooler-book.js';
import { buildDocument } from '../../server/stats/document/snapshot.js';
import { scopeOf } from '../../server/stats/document/scope.js';
import type { Measured, Sources } from '../../server/stats/document/sources.js';
import type { StatsDocument } from '../../shared/stats.js';
import type { MasterDriver } from './master-driver.js';

/** The wall clock of built documents when the master's clock stands at 0, milliseconds. */
export const WALL_MS = 1_795_327_428_500;

/** Shows everything, and hides what is a secret by its name. */
export const FULL_SCOPE = scopeOf({ noCores: false, noVars: false, redact: [] });

/** What a document is made of, with what a test wants otherwise. */
export function sourcesOf(master: MasterDriver, change: Partial<Sources> = {}): Sources {
  return {
    identity: {
      version: '0.1.0',
      pid: 42,
      uid: 1000,
      gid: 1000,
      cwd: '/srv/app',
      name: 'shop',
      hostname: 'box',
      node: 'v20.0.0',
      bootId: 'boot',
      startTime: WALL_MS / 1000,
      async: 0,
    },
    state: master.state,
    registry: createRegistry(),
    routers: {
      ...createRouterBook(),
      addresses: [],
      queueLimit: () => 1000,
      certificates: () => [],
    },
    spoolers: { ...createSpoolerBook(), folders: [] },
    loggers: () => [],
    sockets: [3, 5].map((queue) => ({
      name: `127.0.0.1:${queue}`,
      proto: 'http',
      queue,
      max_queue: 100,
      shared: 0,
      can_offload: 0,
    })),
    listenQueueErrors: 0,
    latencies: createLatencyWindow(),
    scope: FULL_SCOPE,
    measured: () => undefined,
    surroundings: { cgroup: null, pressure: null },
    wallMs: (monotonic) => WALL_MS + monotonic,
    now: master.now,
    sharedNow: master.now,
    ...change,
  };
}

/** What a reader gets: only what JSON can carry. */
export function documentOf(master: MasterDriver, change: Partial<Sources> = {}): StatsDocument {
  return JSON.parse(JSON.stringify(buildDocument(sourcesOf(master, change)))) as StatsDocument;
}

/** A process as the operating system tells of it. */
export function measuredWith(change: Partial<Measured> = {}): Measured {
  return {
    rss: 11e6,
    vsz: 62e6,
    cpu: 1.5,
    uss: null,
    pss: null,
    shared: null,
    swap: null,
    ...change,
  };
}
