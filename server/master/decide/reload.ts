import type { MasterEffect, MasterEvent } from './events.js';
import { type Decision, ending, log, seconds } from './process.js';
import { recycleAgainAt } from './recycle.js';
import { areRoutersCurrent, keepRouters, replaceRouters } from './routers/router-slots.js';
import { areSpoolersCurrent, keepSpoolers, replaceSpoolers } from './spoolers/spooler-slots.js';
import { isCurrent, serving, type WorkerProcess, type WorkerSlot } from './slots.js';
import { active, type MasterState, type PendingReload, type Reload } from './state.js';

type ReloadEvent = Extract<MasterEvent, { type: 'reload' }>;

/** Moves the target: every worker asked for is to be replaced by a newer process. */
export function onReload(state: MasterState, event: ReloadEvent, now: number): Decision {
  if (state.phase !== 'running') {
    return [state, outcome(event.order, false, 'the master is stopping')];
  }
  const raised = (slot: WorkerSlot): WorkerSlot => ({ ...slot, wanted: slot.wanted + 1 });
  if (event.worker === 'all') {
    const reload = {
      ...continued(state.reload, event.order, now),
      chain: event.how === 'chain' ? { victim: null, saidAt: now } : null,
    };
    const raisedAll = { ...state, reload, slots: state.slots.map(raised) };
    const next = {
      ...raisedAll,
      routers: replaceRouters(state.routers),
      spoolers: replaceSpoolers(state.spoolers),
    };
    if (event.how === 'brutal') return brutally(next, now);
    const line =
      event.how === 'chain' ? 'chain reload starting...' : '...gracefully replacing all workers...';
    return [next, [log(line)]];
  }
  const slot = state.slots.find(({ id }) => id === event.worker);
  if (!slot) return [state, outcome(event.order, false, `there is no worker ${event.worker}`)];
  if (slot.cheap) return [state, outcome(event.order, false, `worker ${slot.id} is cheap`)];
  const { order, worker } = event;
  const waiting = { order, worker, wanted: slot.wanted + 1, at: now };
  return [
    {
      ...state,
      slots: state.slots.map((other) => (other.id === worker ? raised(other) : other)),
      reloads: [...state.reloads, waiting],
    },
    [log(`...gracefully replacing worker ${worker}...`)],
  ];
}

/** What a reload takes over of one that it runs into. */
function continued(before: Reload | null, order: number, now: number): Omit<Reload, 'chain'> {
  const { orders, startedAt, forced } = before ?? { orders: [], startedAt: now, forced: 0 };
  return { orders: [...orders, order], startedAt, forced };
}

/** Every process exits at once, those that drain already too; `converge` spawns their successors. */
function brutally(state: MasterState, now: number): Decision {
  const effects: MasterEffect[] = [log('...brutally killing workers...')];
  const slots = state.slots.map((slot) => ({
    ...slot,
    processes: slot.processes.map((process) => {
      if (process.state === 'ending') return process;
      effects.push(log(`killing worker ${slot.id} (pid: ${process.pid})`), exitOf(process));
      return ending(process, 'reload', now);
    }),
  }));
  return [{ ...state, slots }, effects];
}

/**
 * New code that does not start must not take the site down: where an old process serves, it stays.
 * `worker` is the one that failed; a reload of all is given up for all.
 */
export function abandonReload(
  state: MasterState,
  worker: number,
  reason: string,
  now: number,
): Decision {
  const all = state.reload !== null;
  const kept = state.slots.filter(
    (slot) => serving(slot) !== undefined && (all || slot.id === worker),
  );
  if (kept.length === 0 && !all) return [state, []];
  // After a brutal reload there are none.
  const stay = kept.every(isCurrent) ? '' : ', the old workers stay';
  const message = `reload abandoned${stay}: ${reason}`;
  const isGivenUp = (pending: PendingReload): boolean =>
    kept.some(({ id }) => id === pending.worker);
  const orders = [
    ...state.reloads.filter(isGivenUp).map(({ order }) => order),
    ...(state.reload?.orders ?? []),
  ];
  const keptRouters = keepRouters(state.routers, now);
  const keptSpoolers = keepSpoolers(state.spoolers, now);
  const effects: MasterEffect[] = [
    log(`*** ${message} ***`, 'error'),
    ...kept.flatMap(({ processes }) => processes.filter(isStarting)).map(exitOf),
    ...(all ? [...keptRouters.effects, ...keptSpoolers.effects] : []),
    ...orders.flatMap((order) => outcome(order, false, message)),
  ];
  return [
    {
      ...state,
      slots: state.slots.map((slot) =>
        kept.includes(slot) ? withoutReplacement(slot, now) : slot,
      ),
      routers: all ? keptRouters.routers : state.routers,
      spoolers: all ? keptSpoolers.spoolers : state.spoolers,
      reloads: state.reloads.filter((pending) => !isGivenUp(pending)),
      reload: null,
      lastReload: all
        ? { state: 'abandoned', replaced: replacedBy(state), reason, at: now }
        : state.lastReload,
    },
    effects,
  ];
}

function isStarting(process: WorkerProcess): boolean {
  return process.state === 'starting';
}

function exitOf({ pid }: WorkerProcess): MasterEffect {
  return { type: 'send', pid, frame: 'exit' };
}

/**
 * The worker with what serves it now. A replacement that is still starting is ended: it would put
 * other code beside the old, and the next reload would take it for its own.
 */
function withoutReplacement(slot: WorkerSlot, now: number): WorkerSlot {
  return {
    ...slot,
    wanted: serving(slot)?.incarnation ?? slot.wanted,
    recycleAt: recycleAgainAt(now),
    processes: slot.processes.map((process) =>
      isStarting(process) ? ending(process, 'reload', now) : process,
    ),
  };
}

/** How many workers the running reload has replaced. */
export function replacedBy(state: MasterState): number {
  return active(state).filter(isCurrent).length;
}

/** Ends the reloads that have reached their target, and tells whoever waits. */
export function finishReloads(state: MasterState, now: number): Decision {
  const done = state.reloads.filter(({ worker, wanted }) => {
    const slot = state.slots.find(({ id }) => id === worker);
    return slot !== undefined && (serving(slot)?.incarnation ?? -1) >= wanted;
  });
  const effects = done.flatMap(({ order, worker, at }) => {
    const slot = state.slots.find(({ id }) => id === worker);
    const pid = slot === undefined ? 0 : (serving(slot)?.pid ?? 0);
    return outcome(order, true, `worker ${worker}: pid ${pid} ready in ${seconds(now - at)} s`);
  });
  const left = state.reloads.filter((pending) => !done.includes(pending));
  const next = done.length === 0 ? state : { ...state, reloads: left };
  const wanted = active(state);
  if (state.reload === null || !wanted.every(isCurrent)) return [next, effects];
  if (!areRoutersCurrent(state.routers)) return [next, effects];
  if (!areSpoolersCurrent(state.spoolers)) return [next, effects];
  const total = wanted.length;
  const { startedAt, forced } = state.reload;
  const took = seconds(now - startedAt);
  const { problems } = state.config;
  const refused = problems.length > 0 ? ', with the configuration from before' : '';
  const message = `reload finished, ${total}/${total} in ${took} s, ${forced} forced${refused}`;
  return [
    {
      ...next,
      reload: null,
      generation: state.generation + 1,
      lastReload: { state: 'done', replaced: total, reason: '', at: now },
    },
    [
      ...effects,
      ...(state.reload.chain === null ? [] : [log('chain reloading complete')]),
      log(message),
      ...state.reload.orders.flatMap((order) => outcome(order, true, message, problems)),
    ],
  ];
}

/** Notes how many processes had to be killed while workers are replaced. */
export function forcedInReload(state: MasterState, effects: readonly MasterEffect[]): MasterState {
  const killed = effects.filter(({ type }) => type === 'sigkill').length;
  if (state.reload === null || killed === 0) return state;
  return { ...state, reload: { ...state.reload, forced: state.reload.forced + killed } };
}

/**
 * Tells the requester of an order how it ended; order 0 has none. `problems` are those of the
 * configuration that a reload was to bring.
 */
export function outcome(
  order: number,
  ok: boolean,
  message: string,
  problems: readonly string[] = [],
): readonly MasterEffect[] {
  const why = problems.length === 0 ? {} : { problems };
  return order === 0 ? [] : [{ type: 'outcome', order, ok, message, ...why }];
}
