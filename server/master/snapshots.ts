import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { StatsDocument, UwsgiSocket } from '../../shared/stats.js';
import { VERSION } from '../../shared/version.js';
import type { Options } from '../options/table.js';
import { buildDocument } from '../stats/document/snapshot.js';
import type { Identity } from '../stats/document/sources.js';
import type { Registry } from './decide/registry.js';
import type { MasterState } from './decide/state.js';
import type { ProcessWatch } from './process-stats.js';

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
  /** Something that readers must see at once has changed. */
  invalidate(): void;
}

/** Builds documents from the master's books, shared by all readers. */
export function createSnapshots(sources: {
  readonly identity: Identity;
  readonly state: () => MasterState;
  readonly registry: Registry;
  readonly sockets: () => readonly UwsgiSocket[];
  readonly watch: ProcessWatch;
}): Snapshots {
  let made: { document: StatsDocument; at: number } | null = null;
  // It never changes, and asking for it takes as long as making a worker's entry.
  const { timeOrigin } = performance;
  const wallMs = (monotonic: number): number => timeOrigin + monotonic;
  return {
    document() {
      const now = performance.now();
      if (made !== null && now - made.at < FRESH_MS) return made.document;
      const document = buildDocument({
        identity: sources.identity,
        state: sources.state(),
        registry: sources.registry,
        sockets: sources.sockets(),
        measured: (pid) => sources.watch.get(pid),
        wallMs,
        now,
      });
      made = { document, at: now };
      return document;
    },
    invalidate: () => void (made = null),
  };
}
