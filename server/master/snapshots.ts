import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { StatsDocument } from '../../shared/stats.js';
import { VERSION } from '../../shared/version.js';
import type { Options } from '../options/table.js';
import { monotonicMs } from '../worker/clock.js';
import { buildDocument } from '../stats/document/snapshot.js';
import { scopeOf } from '../stats/document/scope.js';
import type { Identity, Sources } from '../stats/document/sources.js';

import type { Registry } from './decide/registry.js';
import type { MasterState } from './decide/state.js';
import type { Oversight } from './oversight.js';

/** Who this instance is, fixed at its start. */
export function identify(
  options: Options,
  owner: { readonly uid: number; readonly gid: number },
): Identity {
  return {
    version: VERSION,
    pid: process.pid,
    uid: owner.uid,
    gid: owner.gid,
    cwd: process.cwd(),
    name: options.name ?? '',
    hostname: hostname(),
    node: process.version,
    bootId: randomUUID(),
    startTime: Date.now() / 1000,
    async: options.async ?? 0,
  };
}

/** A document is made anew at most this often, however many readers ask. */
const FRESH_MS = 50;

export interface Snapshots {
  /** The newest document; the same object until something could have changed. */
  document(): StatsDocument;
  /** One without what masters before this one counted. */
  own(): StatsDocument;
  /** Something that readers must see at once has changed. */
  invalidate(): void;
  /** Whether somebody has asked for a document lately. */
  isRead(): boolean;
}

/** After this time without a reader, what is measured for readers only is left alone. */
const READ_MS = 120_000;

/** Builds documents from the master's books, shared by all readers. */
export function createSnapshots(
  options: Options,
  sources: Pick<Sources, 'identity' | 'registry' | 'routers' | 'spoolers' | 'loggers'> & {
    readonly state: () => MasterState;
    readonly oversight: Oversight;
  },
): Snapshots {
  const scope = scopeOf({
    noCores: options['stats-no-cores'],
    noVars: options['stats-no-vars'],
    redact: options['stats-redact'],
  });
  const { measuring, latencies, wanted } = sources.oversight;
  let readAt = -Infinity;
  let made: { document: StatsDocument; at: number } | null = null;
  // It never changes, and asking for it takes as long as making a worker's entry.
  const { timeOrigin } = performance;
  const wallMs = (monotonic: number): number => timeOrigin + monotonic;
  const build = (registry: Registry): StatsDocument => {
    wanted();
    return buildDocument({
      identity: sources.identity,
      state: sources.state(),
      registry,
      routers: sources.routers,
      spoolers: sources.spoolers,
      loggers: sources.loggers,
      latencies,
      scope,
      sockets: measuring.sockets(),
      listenQueueErrors: measuring.listenQueueErrors(),
      measured: measuring.process,
      surroundings: measuring.surroundings(),
      wallMs,
      now: performance.now(),
      sharedNow: monotonicMs(),
    });
  };
  return {
    document() {
      const now = performance.now();
      readAt = now;
      if (made !== null && now - made.at < FRESH_MS) return made.document;
      const document = build(sources.registry);
      made = { document, at: now };
      return document;
    },
    own() {
      const { registry } = sources;
      return build({ ...registry, totals: registry.ownTotals });
    },
    invalidate: () => void (made = null),
    isRead: () => performance.now() - readAt < READ_MS,
  };
}
