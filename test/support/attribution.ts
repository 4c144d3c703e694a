import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FAULTS, type Victim } from './chaos.js';
import type { Failed } from './ledger.js';

/** Whose failed requests were, by the process that they were inside. */
export interface Attribution {
  readonly inside: ReadonlyMap<number, readonly Failed[]>;
  /** Failures for which no fault accounts. */
  readonly unaccounted: readonly string[];
}

/** How long after the end of its process a client may hear of it, on a loaded machine. */
const HEARD_MS = 2000;

/**
 * Finds the process that each failed request was inside, by the notes that each keeps in `folder`
 * of its connections. It must have been hit by a fault before, and by one that cuts requests off. A
 * process that is killed between accepting a connection and noting it has one without a note, for
 * it has one thread.
 */
export function attribute(
  failures: readonly Failed[],
  victims: readonly Victim[],
  folder: string,
): Attribution {
  const ownerOf = readOwners(folder);
  const inside = new Map<number, Failed[]>();
  const unaccounted: string[] = [];
  const unnoted = new Set<number>();
  for (const failed of failures) {
    const owner = ownerOf(failed);
    const victim =
      owner === 0
        ? victims.find((each) => isNoteless(each, failed) && !unnoted.has(each.pid))
        : victims.find(({ pid, fault }) => pid === owner && fault !== 'uncaught exception');
    if (victim === undefined || failed.at < victim.inflictedAt) {
      unaccounted.push(`process ${owner}: ${JSON.stringify(failed)}`);
      continue;
    }
    if (owner === 0) unnoted.add(victim.pid);
    inside.set(victim.pid, [...(inside.get(victim.pid) ?? []), failed]);
  }
  return { inside, unaccounted };
}

function isNoteless({ fault, inflictedAt, goneAt }: Victim, { at }: Failed): boolean {
  return FAULTS[fault].sudden && at >= inflictedAt && at <= goneAt + HEARD_MS;
}

/** The process that noted a connection last before it failed; 0 for none. */
function readOwners(folder: string): (failed: Failed) => number {
  const byPort = new Map<number, { pid: number; at: number }[]>();
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(path.join(folder, file), 'utf8').trimEnd().split('\n')) {
      const [port = 0, at = 0] = line.split(' ').map(Number);
      const notes = byPort.get(port) ?? [];
      notes.push({ pid: Number(file), at });
      byPort.set(port, notes);
    }
  }
  // A port is used again and again.
  return ({ port, at }) => {
    const before = (byPort.get(port) ?? []).filter((note) => note.at <= at);
    return before.reduce((last, note) => (note.at >= last.at ? note : last), { pid: 0, at: 0 }).pid;
  };
}
