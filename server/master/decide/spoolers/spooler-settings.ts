import type { SpoolerSlot } from '../state.js';

/** What the arbiter needs to know of the spoolers that are wanted. */
export interface SpoolerSettings {
  /** How many queues there are. */
  readonly queues: number;
  /** How many processes each has. */
  readonly processes: number;
  /** How long a spooler may drain. */
  readonly mercyMs: number;
  /** How long one may take to load its tasks. */
  readonly bootMs: number;
}

/** The spoolers at the start of a master; none without settings. */
export function initialSpoolers(settings: SpoolerSettings | undefined): readonly SpoolerSlot[] {
  const { queues, processes } = settings ?? { queues: 0, processes: 0 };
  return Array.from({ length: queues * processes }, (_, index) => ({
    id: index + 1,
    queue: Math.floor(index / processes),
    processes: [],
    wanted: 0,
    spawns: 0,
    deaths: [],
    respawnAt: 0,
    spawning: false,
    lastExit: null,
    harakiris: 0,
  }));
}
