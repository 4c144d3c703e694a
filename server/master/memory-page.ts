import type { MemoryDocument } from '../../shared/memory/history.js';
import { optionLimits } from './decide/recycle-rules.js';
import type { Registry } from './decide/registry.js';
import { shown } from './decide/slots.js';
import type { MasterState } from './decide/state.js';
import type { Measuring } from './measuring.js';
import type { MemoryBook, NotedProcess } from './memory-history.js';

/** Every worker's process as it was measured last; what was never measured is left out. */
export function notedProcesses(
  state: MasterState,
  registry: Registry,
  measuring: Pick<Measuring, 'process'>,
): readonly NotedProcess[] {
  return state.slots.flatMap((slot): NotedProcess[] => {
    const process = shown(slot);
    const stats = process === undefined ? undefined : measuring.process(process.pid);
    if (process === undefined || stats === undefined || stats.rss === 0) return [];
    const { pid, spawnedAt } = process;
    const sample = registry.sample(pid);
    const { rss, pss, uss } = stats;
    return [
      {
        ...{ worker: slot.id, pid, spawnedAt, rss, pss, uss },
        heap: known(sample?.heap),
        external: sample?.inside?.external ?? null,
        heapLimit: known(sample?.heapLimit),
        requests: sample?.requests ?? null,
      },
    ];
  });
}

/** A worker tells 0 before it has looked. */
function known(bytes: number | undefined): number | null {
  return bytes === undefined || bytes === 0 ? null : bytes;
}

/** What `GET /memory` is made of. */
export interface MemoryPageSources {
  readonly bootId: string;
  readonly state: () => MasterState;
  readonly oversight: {
    readonly memory: MemoryBook;
    readonly measuring: Pick<Measuring, 'surroundings'>;
    readonly wanted: () => void;
  };
}

/** Makes what `GET /memory` serves; who reads it wants fresh figures, as of the stats. */
export function createMemoryPage({
  bootId,
  oversight,
  state,
}: MemoryPageSources): () => MemoryDocument {
  const { memory, measuring, wanted } = oversight;
  const { timeOrigin } = performance;
  const wallMs = (monotonic: number): number => timeOrigin + monotonic;
  return () => {
    wanted();
    const now = performance.now();
    const { cgroup } = measuring.surroundings();
    return {
      server: 'tsuwsgi',
      boot_id: bootId,
      time: Math.round(wallMs(now)) / 1000,
      held_s: Math.round(memory.heldS(now) * 10) / 10,
      limits: {
        ...optionLimits(state().settings.recycling),
        cgroup: cgroup?.limit ?? null,
        cgroup_used: cgroup?.usage ?? null,
      },
      workers: memory.workers(now, wallMs),
    };
  };
}
