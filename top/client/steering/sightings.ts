import type {
  ChangingCommand,
  Command,
  MemoryCommand,
  QueueChange,
} from '../../../shared/commands.js';
import type { DecodedInstance, DecodedWorker } from '../../../shared/stats.js';

/**
 * What a document shows of a command that uWSGI was given: uWSGI answers nothing, so what became of
 * it is to be seen only. Null while it is not to be seen yet.
 */
export type Sighting = (now: DecodedInstance) => string | null;

/**
 * What a uWSGI can be told, by one means or another: of the memory of JavaScript it knows nothing, and
 * its spoolers take no orders.
 */
export type UwsgiCommand = Exclude<ChangingCommand, MemoryCommand | QueueChange>;

/** Whether a command is one of these. */
export function isKnown(command: Command): command is UwsgiCommand {
  return KNOWN.has(command.name);
}

const KNOWN: ReadonlySet<string> = new Set<UwsgiCommand['name']>([
  ...(['reload', 'reload-worker', 'kill-worker', 'scale', 'pause'] as const),
]);

/** What is looked out for after a command. @param before The newest document when it was given. */
export function sightingOf(command: UwsgiCommand, before: DecodedInstance): Sighting {
  switch (command.name) {
    case 'reload':
      return reloaded(running(before).map(({ pid }) => pid));
    case 'reload-worker':
    case 'kill-worker':
      return (now) => replaced(command, now);
    case 'scale':
      return (now) => {
        const count = running(now).length;
        return count === command.workers ? workersRun(count) : null;
      };
    case 'pause':
      return (now) => {
        const paused = isPaused(now);
        if (paused !== command.paused) return null;
        return paused ? 'no worker accepts' : 'the workers accept again';
      };
  }
}

/** The workers that have a process. */
export function running({ workers }: DecodedInstance): DecodedWorker[] {
  return workers.filter(({ pid, status }) => pid > 0 && status !== 'cheap');
}

/** Whether a uWSGI is paused: those that are in a request tell so when it has ended. */
export function isPaused(instance: DecodedInstance): boolean {
  return running(instance).some(({ status }) => status === 'pause');
}

function workersRun(count: number): string {
  return count === 1 ? '1 worker runs' : `${count} workers run`;
}

function reloaded(old: readonly number[]): Sighting {
  return (now) => {
    const alive = running(now);
    const isFull = now.workers.every(({ pid, status }) => pid > 0 || status === 'cheap');
    // A worker fills in its own row: with id 0 it has only just forked.
    if (alive.length === 0 || !isFull || alive.some(({ id }) => id === 0)) return null;
    if (alive.some(({ pid }) => old.includes(pid))) return null;
    return `${workersRun(alive.length)} as new processes`;
  };
}

function replaced(
  old: { readonly worker: number; readonly pid: number; readonly spawned: number },
  now: DecodedInstance,
): string | null {
  const found = now.workers.find(({ id }) => id === old.worker);
  if (found === undefined) return null;
  if (found.status === 'cheap' || found.pid === 0) return null;
  if (found.pid === old.pid && (found.last_spawn ?? 0) === old.spawned) return null;
  return `worker ${old.worker} runs as pid ${found.pid}`;
}
