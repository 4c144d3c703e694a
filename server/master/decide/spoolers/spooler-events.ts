import { assertNever } from '../../../../shared/result.js';
import { visible } from '../../../request-log/escape.js';
import { EXIT } from '../../../wire/exit-codes.js';
import { afterDeath } from '../backoff.js';
import type { MasterEffect, SpoolerEvent } from '../events.js';
import { type Decision, draining, ending, log, seconds } from '../process.js';
import { withEvent } from '../kept-events.js';
import { abandonReload } from '../reload.js';
import { SPAWN_RETRY_MS } from '../spawns.js';
import { serving, type SpoolerProcess, type SpoolerSlot } from '../slots.js';
import type { MasterState } from '../state.js';
import { spoolerName, spoolerOf, withSpooler } from './spooler-slots.js';

type Event<T extends SpoolerEvent['type']> = Extract<SpoolerEvent, { type: T }>;

/** Takes what happened to a spooler; what is then to be spawned is for `convergeSpoolers`. */
export function onSpoolerEvent(state: MasterState, event: SpoolerEvent, now: number): Decision {
  switch (event.type) {
    case 'spooler-spawned':
      return onSpawned(state, event, now);
    case 'spooler-spawn-failed':
      return onSpawnFailed(state, event, now);
    case 'spooler-ready':
      return onReady(state, event, now);
    case 'spooler-exited':
      return onExited(state, event, now);
    case 'spooler-leaves':
      return onLeaves(state, event);
    case 'spooler-overdue':
      return onOverdue(state, event, now);
    case 'spooler-stalled':
      return onStalled(state, event, now);
    case 'task-failed':
      return onTaskFailed(state, event, now);
    default:
      return assertNever(event);
  }
}

function onSpawned(state: MasterState, event: Event<'spooler-spawned'>, now: number): Decision {
  const { spooler, pid } = event;
  const slot = state.spoolers.find(({ id }) => id === spooler);
  if (slot === undefined) return [state, [{ type: 'sigkill', pid }]];
  const how = slot.spawns === 0 ? 'spawned' : 'respawned';
  const effects: MasterEffect[] = [log(`${how} tsuwsgi spooler ${spooler} (pid: ${pid})`)];
  let process: SpoolerProcess = {
    ...{ pid, state: 'starting', incarnation: slot.wanted, spawnedAt: now },
    ...{ readyAt: null, deadline: null, endingSince: null, reason: '', works: false },
  };
  if (state.phase !== 'running') {
    process = ending(process, 'stop', now);
    effects.push({ type: 'send', pid, frame: 'exit' });
  }
  const processes = [...slot.processes, process];
  const next = { ...slot, processes, spawns: slot.spawns + 1, spawning: false };
  return [withSpooler(state, next), effects];
}

function onSpawnFailed(
  state: MasterState,
  event: Event<'spooler-spawn-failed'>,
  now: number,
): Decision {
  const slot = state.spoolers.find(({ id }) => id === event.spooler);
  if (slot === undefined) return [state, []];
  const { deaths, wait } = afterDeath(slot, now);
  const respawnAt = now + Math.max(SPAWN_RETRY_MS, wait);
  const next = withSpooler(state, { ...slot, deaths, respawnAt, spawning: false });
  return [next, [log(`cannot spawn spooler ${slot.id}: ${event.message}`, 'error')]];
}

/** It has loaded its tasks: older ones of the same number drain now, and not before. */
function onReady(state: MasterState, event: Event<'spooler-ready'>, now: number): Decision {
  const slot = spoolerOf(state, event.pid);
  const found = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || found?.state !== 'starting') return [state, []];
  const effects: MasterEffect[] = [];
  const mercyMs = state.settings.spoolers?.mercyMs ?? state.settings.mercyMs;
  const processes = slot.processes.map((process): SpoolerProcess => {
    if (process.pid === event.pid) return { ...process, state: 'ready', readyAt: now };
    if (process.state !== 'ready') return process;
    effects.push({ type: 'send', pid: process.pid, frame: 'drain' });
    return draining(process, { reason: 'reload', mercyMs }, now);
  });
  return [withSpooler(state, { ...slot, processes }), effects];
}

function onExited(state: MasterState, event: Event<'spooler-exited'>, now: number): Decision {
  const slot = spoolerOf(state, event.pid);
  const process = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || process === undefined) return [state, []];
  const { pid, code, signal, stderr } = event;
  const crash = code === EXIT.noApp ? 'boot' : 'crash';
  const reason = process.reason === '' ? crash : process.reason;
  const left: SpoolerSlot = {
    ...slot,
    processes: slot.processes.filter((other) => other.pid !== pid),
    lastExit: { pid, code, signal, reason, at: now, stderr },
  };
  const mayHaveHad = process.works && code !== EXIT.drained;
  const recoveries = mayHaveHad ? recover(state, slot, pid) : [];
  if (process.reason !== '') {
    const line = `${spoolerName(slot, pid)} has been buried`;
    return [withSpooler(state, left), [log(line), ...recoveries]];
  }
  const [next, effects] = onDeath(state, { left, process, event }, now);
  return [next, [...effects, ...recoveries]];
}

/**
 * What it had is offered again by its siblings, which are the quickest; but there may be none, or a
 * task may block them, and the successor may be held back or take long to load its tasks. So a
 * process that does nothing else is started, too.
 */
function recover(state: MasterState, { queue }: SpoolerSlot, dead: number): MasterEffect[] {
  const siblings = state.spoolers
    .filter((slot) => slot.queue === queue)
    .flatMap(({ processes }) => processes)
    .filter(({ pid, works, state: is }) => pid !== dead && works && is === 'ready');
  return [
    ...siblings.map(({ pid }) => ({ type: 'send-spooler', pid, frame: 'recover' }) as const),
    { type: 'recover-queue', queue },
  ];
}

interface Death {
  readonly left: SpoolerSlot;
  readonly process: SpoolerProcess;
  readonly event: Event<'spooler-exited'>;
}

/** A death that nobody asked for; one of a replacement ends the reload, and the old one stays. */
function onDeath(state: MasterState, { left, process, event }: Death, now: number): Decision {
  const { deaths, wait } = afterDeath(left, now);
  const dead = withSpooler(state, { ...left, deaths, respawnAt: now + wait });
  const how =
    event.signal === null
      ? `exit code ${event.code ?? 'unknown'}`
      : `killed by signal ${event.signalNumber ?? event.signal}`;
  const delay = wait === 0 ? '' : ` in ${seconds(wait)} seconds`;
  const who = spoolerName(left, event.pid);
  const line = log(`OOOPS ${who} is no more, ${how}...trying respawn${delay}...`, 'error');
  const text = `${who} died, ${how}`;
  const next = withEvent(dead, { kind: 'spooler-died', subject: who, text, at: now });
  const isReplacement =
    process.readyAt === null && state.reload !== null && serving(left) !== undefined;
  if (!isReplacement) return [next, [line]];
  const [kept, effects] = abandonReload(next, 0, `${who} died before it was ready`, now);
  return [kept, [line, ...effects]];
}

/** It asks to be replaced, and finishes what it runs when its replacement is ready. */
function onLeaves(state: MasterState, { pid, why }: Event<'spooler-leaves'>): Decision {
  const slot = spoolerOf(state, pid);
  const process = slot?.processes.find((other) => other.pid === pid);
  if (slot === undefined || process === undefined || state.phase !== 'running') return [state, []];
  if (process.state !== 'ready' || process.incarnation < slot.wanted) return [state, []];
  const line = `${spoolerName(slot, pid)} ${why}...gracefully replacing it...`;
  return [withSpooler(state, { ...slot, wanted: slot.wanted + 1 }), [log(line)]];
}

/** A task takes too long. Whatever else runs in the same process is cut as well. */
function onOverdue(state: MasterState, event: Event<'spooler-overdue'>, now: number): Decision {
  const { id, name, ageMs, limit } = event;
  const what = `task ${JSON.stringify(name)} (${id}) has run for ${seconds(ageMs)} seconds`;
  return killed(state, event.pid, now, (slot) => ({
    text: `HARAKIRI ON ${spoolerName(slot, event.pid)}: ${what}, ${limit}`,
    reason: 'harakiri',
    harakiris: slot.harakiris + 1,
  }));
}

/** Nothing but SIGKILL reaches it. */
function onStalled(state: MasterState, event: Event<'spooler-stalled'>, now: number): Decision {
  const age = seconds(event.silentMs);
  return killed(state, event.pid, now, (slot) => ({
    text: `${spoolerName(slot, event.pid)} has given no sign of life for ${age} seconds...NO MERCY !!!`,
    reason: 'stall',
    harakiris: slot.harakiris,
  }));
}

/** What a task is called and what went wrong is written by others: in the log it is quoted. */
function onTaskFailed(state: MasterState, event: Event<'task-failed'>, now: number): Decision {
  const slot = spoolerOf(state, event.pid);
  if (slot === undefined) return [state, []];
  const { id, name, attempts, error, unsaid } = event;
  const runs = `${attempts} run${attempts === 1 ? '' : 's'}`;
  const others =
    unsaid === 0 ? '' : ` (and ${unsaid} other task${unsaid === 1 ? '' : 's'} before it)`;
  const what = `task ${JSON.stringify(name)} (${id}) failed for good after ${runs}${others}`;
  const text = visible(`${what}: ${error}`);
  return [
    withEvent(state, { kind: 'task-failed', subject: spoolerName(slot, event.pid), text, at: now }),
    [log(text, 'warn')],
  ];
}

interface Punishment {
  readonly text: string;
  readonly reason: 'harakiri' | 'stall';
  readonly harakiris: number;
}

function killed(
  state: MasterState,
  pid: number,
  now: number,
  why: (slot: SpoolerSlot) => Punishment,
): Decision {
  const slot = spoolerOf(state, pid);
  if (slot === undefined) return [state, []];
  const { text, reason, harakiris } = why(slot);
  const kind = reason === 'harakiri' ? 'spooler-harakiri' : 'spooler-stalled';
  const line = reason === 'harakiri' ? `*** ${text} ***` : text;
  const processes = slot.processes.map((process) =>
    process.pid === pid ? { ...ending(process, reason, now), reason } : process,
  );
  const next = withSpooler(state, { ...slot, processes, harakiris });
  return [
    withEvent(next, { kind, subject: spoolerName(slot, pid), text, at: now }),
    [log(line, 'error'), { type: 'sigkill', pid }],
  ];
}
