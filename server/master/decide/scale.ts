import type { MasterEffect, MasterEvent } from './events.js';
import { type Decision, draining, ending, log, seconds } from './process.js';
import { outcome } from './reload.js';
import { serving, starting, type WorkerProcess, type WorkerSlot } from './slots.js';
import { active, type MasterState } from './state.js';

type Event<T extends MasterEvent['type']> = Extract<MasterEvent, { type: T }>;

const NO_WORKERS = 'there are no workers, requests go to the back ends of --http-to';

/** One worker more or less, as uWSGI's SIGTTIN and SIGTTOU. */
export function onScale(state: MasterState, event: Event<'scale'>, now: number): Decision {
  const { by, order = 0 } = event;
  const workers = active(state).length + by;
  const isPossible = workers >= minimum(state) && workers <= state.most;
  if (state.phase === 'running' && !isPossible) return refused(state, order, unmoved(state, by));
  return onScaleTo(state, { type: 'scale-to', workers, order }, now);
}

/**
 * Moves the number of workers. It stays between one (or `--cheaper`) and `--processes`; asked for
 * more or less, it says so and changes nothing.
 */
export function onScaleTo(state: MasterState, event: Event<'scale-to'>, now: number): Decision {
  const { workers, order } = event;
  if (state.phase !== 'running') return [state, outcome(order, false, 'the master is stopping')];
  const least = minimum(state);
  const { most } = state;
  if (most === 0) return refused(state, order, NO_WORKERS);
  if (workers < least || workers > most) {
    const range =
      least === most
        ? `--processes is ${most}`
        : `choose from ${leastOf(state)} to ${most} (--processes)`;
    return refused(state, order, `the number of workers cannot be ${workers}: ${range}`);
  }
  const [resized, effects] = resize(state, workers, now);
  if (order === 0) return [resized, effects];
  return [{ ...resized, scales: [...resized.scales, { order, at: now }] }, effects];
}

function refused(state: MasterState, order: number, message: string): Decision {
  return [state, [log(message), ...outcome(order, false, message)]];
}

/** Why one more, or one less, is not possible. */
function unmoved(state: MasterState, by: 1 | -1): string {
  const { most } = state;
  if (most === 0) return NO_WORKERS;
  if (by === -1) return `no worker was taken away: ${leastOf(state)} is the least`;
  const there = most === 1 ? 'there is 1' : `there are ${most}`;
  return `no worker was added: ${there} already, the most that --processes allows`;
}

function leastOf(state: MasterState): string {
  return `${minimum(state)}${state.settings.cheaper === undefined ? '' : ' (--cheaper)'}`;
}

/** The fewest workers that are kept. */
export function minimum(state: MasterState): number {
  return state.settings.cheaper?.minimum ?? 1;
}

/**
 * Wants that many workers, which must be possible: `converge` spawns what is missing; what is too
 * many drains.
 */
export function resize(state: MasterState, workers: number, now: number): Decision {
  const surplus = active(state).length - workers;
  if (surplus > 0) return cheapen(state, leaving(state).slice(0, surplus), now);
  const woken = coming(state).slice(0, -surplus);
  if (woken.length === 0) return [state, []];
  const slots = state.slots.map((slot) =>
    woken.includes(slot) ? { ...slot, cheap: false } : slot,
  );
  return [{ ...state, slots }, []];
}

/** Lets those go that are more than there may be. */
export function cheapenAbove(state: MasterState, now: number): Decision {
  const above = active(state).filter(({ id }) => id > state.most);
  return above.length === 0 ? [state, []] : cheapen(state, above, now);
}

/** The workers in the order in which they are woken: first those whose last process is gone. */
function coming({ slots, most }: MasterState): readonly WorkerSlot[] {
  const cheap = slots.filter((slot) => slot.cheap && slot.id <= most);
  return cheap.toSorted((a, b) => a.processes.length - b.processes.length || a.id - b.id);
}

/**
 * The workers in the order in which they can be spared: those without a process, those that load,
 * then those with the least to do, and among these the oldest, as in uWSGI. The order among the rest decides little:
 * whoever leaves finishes its requests.
 */
function leaving(state: MasterState): readonly WorkerSlot[] {
  const loads = new Map(state.loads.map((load) => [load.pid, load]));
  const ranked = active(state).map((slot) => {
    const process = serving(slot);
    const load = loads.get(process?.pid ?? 0);
    return {
      slot,
      has: process !== undefined ? 2 : starting(slot) !== undefined ? 1 : 0,
      work: load === undefined ? 0 : load.inFlight + load.queued + load.upgraded,
      born: process?.spawnedAt ?? 0,
    };
  });
  const order = ranked.toSorted(
    (a, b) => a.has - b.has || a.work - b.work || a.born - b.born || b.slot.id - a.slot.id,
  );
  return order.map(({ slot }) => slot);
}

function cheapen(state: MasterState, leavers: readonly WorkerSlot[], now: number): Decision {
  const effects: MasterEffect[] = [];
  const slots = state.slots.map((slot) => {
    if (!leavers.includes(slot)) return slot;
    if (slot.processes.length === 0) effects.push(log(`tsuwsgi worker ${slot.id} cheaped.`));
    const processes = slot.processes.map((process) => {
      const told = dismissed(process, state, now);
      if (told !== process) {
        const frame = told.state === 'draining' ? 'drain' : 'exit';
        effects.push({ type: 'send', pid: process.pid, frame });
      }
      return told;
    });
    return { ...slot, processes, cheap: true };
  });
  const isLeaving = ({ worker }: { worker: number }): boolean =>
    leavers.some(({ id }) => id === worker);
  for (const { order, worker } of state.reloads.filter(isLeaving)) {
    effects.push(...outcome(order, false, `worker ${worker} is cheap now`));
  }
  const reloads = state.reloads.filter((pending) => !isLeaving(pending));
  return [{ ...state, slots, reloads }, effects];
}

/** One that serves finishes its requests; one that loads has none. */
function dismissed(process: WorkerProcess, { settings }: MasterState, now: number): WorkerProcess {
  if (process.state === 'ready') {
    return draining(process, { reason: 'cheap', mercyMs: settings.mercyMs }, now);
  }
  return process.state === 'starting' ? ending(process, 'cheap', now) : process;
}

/** uWSGI's lines for a worker that went since fewer are wanted. */
export function cheapedLines(slot: WorkerSlot, pid: number): readonly MasterEffect[] {
  const killed = log(`worker ${slot.id} killed successfully (pid: ${pid})`);
  return slot.cheap ? [killed, log(`tsuwsgi worker ${slot.id} cheaped.`)] : [killed];
}

/** How long new workers may take before the requester is told that they do not serve yet. */
const SCALE_MS = 30_000;

/** Tells the requesters of scales once all workers that are wanted serve. */
export function finishScales(state: MasterState, now: number): Decision {
  if (state.scales.length === 0) return [state, []];
  const wanted = active(state);
  const serve = wanted.filter((slot) => serving(slot) !== undefined).length;
  const isDone = serve === wanted.length;
  const told = isDone ? state.scales : state.scales.filter(({ at }) => now - at >= SCALE_MS);
  if (told.length === 0) return [state, []];
  const effects = told.flatMap(({ order, at }) =>
    outcome(
      order,
      isDone,
      isDone
        ? `${serve} of ${state.most} workers serve, ${seconds(now - at)} s later`
        : `only ${serve} of ${wanted.length} workers serve after ${seconds(now - at)} s`,
    ),
  );
  return [{ ...state, scales: state.scales.filter((pending) => !told.includes(pending)) }, effects];
}
