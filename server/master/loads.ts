import type { Sample } from '../wire/sample-frames.js';
import type { MasterEvent, WorkerLoad } from './decide/events.js';
import type { Registry } from './decide/registry.js';
import { serving } from './decide/slots.js';
import type { MasterState } from './decide/state.js';
import type { Measuring } from './measuring.js';

const NOTHING = { inFlight: 0, queued: 0, upgraded: 0, runningTime: 0, loop: 0, rss: 0 };

function loadOf(pid: number, sample: Sample, rss: number): WorkerLoad {
  const { inFlight, queued, upgraded, runningTime, stalledMs } = sample;
  // A blocked loop does not tell how busy it is.
  const loop = stalledMs > 0 ? 1 : sample.loop;
  return { pid, inFlight, queued, upgraded, runningTime, loop, rss };
}

/** What every serving process has to do, from the books; one that told nothing yet has nothing. */
function loadsOf(
  state: MasterState,
  registry: Registry,
  rss: (pid: number) => number,
): WorkerLoad[] {
  return state.slots.flatMap((slot) => {
    const pid = serving(slot)?.pid;
    if (pid === undefined) return [];
    const sample = registry.sample(pid);
    return [sample === undefined ? { ...NOTHING, pid } : loadOf(pid, sample, rss(pid))];
  });
}

/** What the workers have to do, for the arbiter; `queued` is what waits in the routers. */
export function loadEvent(
  state: MasterState,
  registry: Registry,
  measuring: Pick<Measuring, 'process' | 'listenQueue'>,
  queued: number,
): MasterEvent {
  const workers = loadsOf(state, registry, (pid) => measuring.process(pid)?.rss ?? 0);
  return { type: 'load', queue: measuring.listenQueue() + queued, workers };
}
