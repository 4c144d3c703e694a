import { EXIT } from '../../wire/exit-codes.js';
import { applicationError } from './application-error.js';
import { chanceOf, recentDeaths, respawnDelay } from './backoff.js';
import type { MasterEvent } from './events.js';
import { type Decision, log, seconds } from './process.js';
import { abandonReload } from './reload.js';
import type { WorkerProcess, WorkerSlot } from './slots.js';
import { type MasterState, slotOf, withSlot } from './state.js';
import { cheapedLines } from './scale.js';
import { stop } from './stop.js';

type Exited = Extract<MasterEvent, { type: 'exited' }>;

/** A process is gone: asked for, drained by itself, or a death to be answered. */
export function onExited(state: MasterState, event: Exited, now: number): Decision {
  const slot = slotOf(state, event.pid);
  const process = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || process === undefined) return [state, []];
  const left: WorkerSlot = {
    ...slot,
    processes: slot.processes.filter(({ pid }) => pid !== event.pid),
    lastExit: {
      pid: event.pid,
      code: event.code,
      signal: event.signal,
      reason: process.reason === '' ? reasonOf(process, event) : process.reason,
      at: now,
      stderr: event.stderr ?? [],
    },
  };
  const kills = state.kills.map((pending) =>
    pending.pid === event.pid ? { ...pending, goneAt: now } : pending,
  );
  const next = withSlot({ ...state, kills }, left);
  if (process.reason === 'cheap') return [next, cheapedLines(left, event.pid)];
  const words = lastWords(slot.id, process, event, now);
  return words === null
    ? onDeath(next, process, event, now)
    : [next, words.map((line) => log(line))];
}

/** What is logged of an end that was expected; null for a death that nobody asked for. */
function lastWords(
  worker: number,
  process: WorkerProcess,
  event: Exited,
  now: number,
): string[] | null {
  const { reason } = process;
  const done = `...The work of process ${event.pid} is done. Seeya!`;
  if (reason === '') return hasDrained(process, event) ? [done] : null;
  if (reason === process.due?.reason && isDrained(event)) {
    return [done, `worker ${worker} killed successfully (pid: ${event.pid})`];
  }
  if (event.signal !== null && (reason === 'harakiri' || reason === 'stall')) {
    return [obituary(worker, event, 0)];
  }
  const age = seconds(now - (process.endingSince ?? now));
  return [`worker ${worker} (pid: ${event.pid}) buried after ${age} seconds`];
}

function isDrained({ code }: Exited): boolean {
  return code === EXIT.drained;
}

/** One that never served has nothing to drain: its code is the application's, and a death. */
function hasDrained(process: WorkerProcess, event: Exited): boolean {
  return isDrained(event) && process.state !== 'starting';
}

function reasonOf(process: WorkerProcess, event: Exited): string {
  if (hasDrained(process, event)) return 'drained';
  return event.code === EXIT.noApp || event.code === EXIT.noListen ? 'boot' : 'crash';
}

/** A death that nobody asked for. Before the first worker was ever ready, some end the boot. */
// `state` no longer holds the process.
function onDeath(state: MasterState, process: WorkerProcess, event: Exited, now: number): Decision {
  const slot = state.slots.find(({ lastExit }) => lastExit?.pid === event.pid);
  if (slot === undefined) return [state, []];
  const boot = state.booted
    ? undefined
    : bootFailure(slot.id, event, state.settings.needApp === true);
  if (boot !== undefined) {
    const [stopped, effects] = stop({ ...state, exitCode: boot.code }, { graceful: false }, now);
    return [stopped, [...boot.lines.map((text) => log(text, 'error')), ...effects]];
  }
  const deaths = [...recentDeaths(slot.deaths, now), now];
  const wait = respawnDelay(deaths, chanceOf(slot.id, now));
  const next = withSlot(state, { ...slot, deaths, respawnAt: now + wait });
  const line = log(obituary(slot.id, event, wait), 'error');
  if (process.state !== 'starting' || process.incarnation === 0) return [next, [line]];
  const reason = `worker ${slot.id} (pid: ${event.pid})${whyUnready(event)}`;
  const [kept, effects] = abandonReload(next, slot.id, reason, now);
  return [kept, [line, ...effects]];
}

/** The application's error says by itself that it could not be loaded, and lines are short. */
function whyUnready(event: Exited): string {
  const said = applicationError(event.stderr ?? []);
  if (event.code !== EXIT.noApp) return ` died before it was ready${said}`;
  return said === '' ? ' could not load the application' : said;
}

/** uWSGI's line, and what it leaves out: the exit code, and how long the respawn is held back. */
function obituary(worker: number, event: Exited, wait: number): string {
  const how = howOf(event);
  const delay = wait === 0 ? '' : ` in ${seconds(wait)} seconds`;
  return `DAMN ! worker ${worker} (pid: ${event.pid}) died, ${how} :( trying respawn${delay} ...`;
}

function howOf(event: Exited): string {
  return event.signal === null
    ? `exit code ${event.code ?? 'unknown'}`
    : `killed by signal ${event.signalNumber ?? event.signal}`;
}

/** Whether a process that was loading died of itself. */
function isCrash(event: Exited): boolean {
  return event.code !== EXIT.ended && event.code !== EXIT.noListen;
}

/**
 * What ends a boot: an application that cannot be loaded, and under `--need-app` also one that took
 * its process along, except where the process was told to go. Any other death is tried again.
 */
function bootFailure(
  worker: number,
  event: Exited,
  needApp: boolean,
): { code: number; lines: string[] } | undefined {
  if (event.code === EXIT.noApp || (needApp && isCrash(event))) {
    return {
      code: EXIT.noApp,
      lines: [
        ...(event.code === EXIT.noApp
          ? []
          : [`worker ${worker} (pid: ${event.pid}) died before it was ready, ${howOf(event)}`]),
        `OOPS ! failed loading app in worker ${worker} (pid ${event.pid})`,
        'need-app requested, destroying the instance...',
      ],
    };
  }
  if (event.code !== EXIT.noListen) return undefined;
  const line = `worker ${worker} (pid ${event.pid}) cannot listen on the inherited socket: is it another program's?`;
  return { code: 1, lines: [line] };
}
