import { assertNever } from '../../../../shared/result.js';
import { EXIT } from '../../../wire/exit-codes.js';
import { afterDeath } from '../backoff.js';
import type { MasterEffect, RouterEvent } from '../events.js';
import { type Decision, draining, ending, log, seconds } from '../process.js';
import { abandonReload } from '../reload.js';
import { SPAWN_RETRY_MS } from '../spawns.js';
import { type RouterProcess, type RouterSlot, serving } from '../slots.js';
import type { MasterState } from '../state.js';
import { stop } from '../stop.js';
import { routerOf, withRouter } from './router-slots.js';

type Event<T extends RouterEvent['type']> = Extract<RouterEvent, { type: T }>;

/** Takes what happened to a router; what is then to be spawned is for `convergeRouters`. */
export function onRouterEvent(state: MasterState, event: RouterEvent, now: number): Decision {
  switch (event.type) {
    case 'router-spawned':
      return onSpawned(state, event, now);
    case 'router-spawn-failed':
      return onSpawnFailed(state, event, now);
    case 'router-ready':
      return onReady(state, event, now);
    case 'router-exited':
      return onExited(state, event, now);
    case 'router-leaves':
      return onLeaves(state, event);
    case 'router-lingers':
      return onLingers(state, event);
    case 'router-stalled':
      return onStalled(state, event, now);
    default:
      return assertNever(event);
  }
}

function nameOf({ id }: RouterSlot, pid: number): string {
  return `gateway "tsuwsgi http ${id}" (pid: ${pid})`;
}

function onSpawned(state: MasterState, event: Event<'router-spawned'>, now: number): Decision {
  const { router, pid } = event;
  const slot = state.routers.find(({ id }) => id === router);
  if (slot === undefined) return [state, [{ type: 'sigkill', pid }]];
  const how = slot.spawns === 0 ? 'spawned' : 'respawned';
  const effects: MasterEffect[] = [log(`${how} tsuwsgi http ${router} (pid: ${pid})`)];
  let process: RouterProcess = {
    ...{ pid, state: 'starting', incarnation: slot.wanted, spawnedAt: now },
    ...{ readyAt: null, deadline: null, endingSince: null, reason: '', lingers: false },
  };
  if (state.phase !== 'running') {
    process = ending(process, 'stop', now);
    effects.push({ type: 'send', pid, frame: 'exit' });
  }
  const processes = [...slot.processes, process];
  const next = { ...slot, processes, spawns: slot.spawns + 1, spawning: false };
  return [withRouter(state, next), effects];
}

function onSpawnFailed(
  state: MasterState,
  event: Event<'router-spawn-failed'>,
  now: number,
): Decision {
  const slot = state.routers.find(({ id }) => id === event.router);
  if (slot === undefined) return [state, []];
  const { deaths, wait } = afterDeath(slot, now);
  const respawnAt = now + Math.max(SPAWN_RETRY_MS, wait);
  const next = withRouter(state, { ...slot, deaths, respawnAt, spawning: false });
  return [next, [log(`cannot spawn http ${slot.id}: ${event.message}`, 'error')]];
}

/** It accepts: older ones of the same number drain now, and not before. */
function onReady(state: MasterState, event: Event<'router-ready'>, now: number): Decision {
  const slot = routerOf(state, event.pid);
  const found = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || found?.state !== 'starting') return [state, []];
  const effects: MasterEffect[] = [];
  const why = { reason: 'reload', mercyMs: state.settings.mercyMs };
  const processes = slot.processes.map((process): RouterProcess => {
    if (process.pid === event.pid) return { ...process, state: 'ready', readyAt: now };
    if (process.state !== 'ready') return process;
    effects.push({ type: 'send', pid: process.pid, frame: 'drain' });
    return draining(process, why, now);
  });
  return [withRouter(state, { ...slot, processes }), effects];
}

function onExited(state: MasterState, event: Event<'router-exited'>, now: number): Decision {
  const slot = routerOf(state, event.pid);
  const process = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || process === undefined) return [state, []];
  const { pid, code, signal } = event;
  const reason = process.reason === '' ? reasonOf(event) : process.reason;
  const left: RouterSlot = {
    ...slot,
    processes: slot.processes.filter((other) => other.pid !== pid),
    lastExit: { pid, code, signal, reason, at: now, stderr: event.stderr ?? [] },
  };
  if (process.reason !== '') {
    const line = `gateway "tsuwsgi http ${slot.id}" has been buried (pid: ${pid})`;
    return [withRouter(state, left), [log(line)]];
  }
  if (event.code === EXIT.noListen && slot.spawns === 1) return onNoListen(state, left, now);
  return onDeath(state, { left, process, event }, now);
}

function reasonOf({ code }: Event<'router-exited'>): string {
  return code === EXIT.noListen ? 'boot' : 'crash';
}

/** The address is another program's, which shows only when somebody listens: the boot is given up. */
function onNoListen(state: MasterState, left: RouterSlot, now: number): Decision {
  const [stopped, effects] = stop(
    { ...withRouter(state, left), exitCode: 1 },
    { graceful: false },
    now,
  );
  const line = `http ${left.id} cannot listen on the inherited socket: is it another program's?`;
  return [stopped, [log(line, 'error'), ...effects]];
}

interface Death {
  readonly left: RouterSlot;
  readonly process: RouterProcess;
  readonly event: Event<'router-exited'>;
}

/** A death that nobody asked for; one of a replacement ends the reload, and the old one stays. */
function onDeath(state: MasterState, { left, process, event }: Death, now: number): Decision {
  const { deaths, wait } = afterDeath(left, now);
  const next = withRouter(state, { ...left, deaths, respawnAt: now + wait });
  const how =
    event.signal === null
      ? `exit code ${event.code ?? 'unknown'}`
      : `killed by signal ${event.signalNumber ?? event.signal}`;
  const delay = wait === 0 ? '' : ` in ${seconds(wait)} seconds`;
  const who = nameOf(left, event.pid);
  const line = log(`DAMN ! ${who} died, ${how} :( trying respawn${delay} ...`, 'error');
  const isReplacement =
    process.state === 'starting' && state.reload !== null && serving(left) !== undefined;
  if (!isReplacement) return [next, [line]];
  const [kept, effects] = abandonReload(next, 0, `${who} died before it was ready`, now);
  return [kept, [line, ...effects]];
}

/** It asks to be replaced, and serves on until its replacement is ready. */
function onLeaves(state: MasterState, { pid, why }: Event<'router-leaves'>): Decision {
  const slot = routerOf(state, pid);
  const process = slot?.processes.find((other) => other.pid === pid);
  if (slot === undefined || process === undefined || state.phase !== 'running') return [state, []];
  const isCurrent = process.state === 'ready' && process.incarnation >= slot.wanted;
  if (!isCurrent) return [state, []];
  const line = `${nameOf(slot, pid)} ${why}...gracefully replacing it...`;
  return [withRouter(state, { ...slot, wanted: slot.wanted + 1 }), [log(line, 'warn')]];
}

/** At a stop the workers may drain now, and say goodbye through its tunnels. */
function onLingers(state: MasterState, { pid }: Event<'router-lingers'>): Decision {
  const slot = routerOf(state, pid);
  if (slot === undefined) return [state, []];
  const processes = slot.processes.map((process) =>
    process.pid === pid ? { ...process, lingers: true } : process,
  );
  return [withRouter(state, { ...slot, processes }), []];
}

/** Nothing but SIGKILL reaches it. */
function onStalled(state: MasterState, event: Event<'router-stalled'>, now: number): Decision {
  const slot = routerOf(state, event.pid);
  if (slot === undefined) return [state, []];
  const age = seconds(event.silentMs);
  const line = `${nameOf(slot, event.pid)} has given no sign of life for ${age} seconds...NO MERCY !!!`;
  const processes = slot.processes.map((process) =>
    process.pid === event.pid ? { ...ending(process, 'stall', now), reason: 'stall' } : process,
  );
  return [
    withRouter(state, { ...slot, processes }),
    [log(line, 'error'), { type: 'sigkill', pid: event.pid }],
  ];
}
