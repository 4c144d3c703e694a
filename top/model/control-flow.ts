import {
  type ChangingCommand,
  isForWorker,
  KILL_SIGNALS,
  RELOAD_WAYS,
} from '../../shared/commands.js';
import type { ClientEvent } from './client-event.js';
import type { Effect } from './message.js';
import { geometry, MIN_ASK } from './geometry.js';
import type { CommandState, Model, SentCommand } from './model.js';
import type { RowIdentity } from './rows.js';
import { sanitizeShort } from './sanitize.js';
import { allRows, instanceOf, rowOf, selectionState } from './table-state.js';

/** How long the server may take to accept or refuse. */
export const REPLY_MS = 10_000;
/** How long an accepted command may take: a drain lasts up to a minute, a reload several. */
export const OUTCOME_MS = { worker: 150_000, instance: 900_000 } as const;
/** How many commands are remembered. */
const MEMORY = 20;

export type Step = readonly [Model, readonly Effect[]];

/** Why nothing on the server can be changed now, in one sentence; null when it can. */
export function controlRefusal(model: Model): string | null {
  if (model.past !== null && model.speed === null)
    return 'this is the past: 0 or Esc returns to now';
  if (model.shown?.document.kind === 'emperor') return 'an Emperor has no workers of its own';
  if (model.connection.state === 'problem') return 'the server sends nothing that can be shown';
  if (model.connection.state !== 'open') return 'not connected';
  if (!model.control.available) return sanitizeShort(model.control.reason, 300);
  if (model.width < MIN_ASK.width || model.height < MIN_ASK.height) {
    return `the terminal is too small to ask: ${MIN_ASK.width}x${MIN_ASK.height} is needed`;
  }
  return null;
}

/** Why the marked worker cannot be acted on; null when it can. */
export function workerRefusal(model: Model): string | null {
  const refusal = controlRefusal(model);
  if (refusal !== null) return refusal;
  const { selection } = model.table;
  if (geometry(model.width, model.height).rows === 0) return 'no table is shown at this size';
  switch (selectionState(model)) {
    case 'none':
      return 'mark a worker first, with the arrow keys';
    case 'gone':
      return 'the marked process is gone: mark another with the arrow keys';
    case 'hidden':
      return 'the marked worker is hidden by the filter';
    case 'shown':
      if (selection !== null && selection.identity.pid === 0) {
        return `no process runs as worker ${selection.identity.worker}`;
      }
      return null;
  }
}

/** Whether the process that a command names still runs; always true for the whole instance. */
export function targetAlive(model: Model, command: ChangingCommand): boolean {
  if (!isForWorker(command)) return instanceOf(model) !== null;
  return allRows(model).some(
    ({ identity }) =>
      identity.worker === command.worker &&
      identity.pid === command.pid &&
      identity.spawned === command.spawned,
  );
}

function asking(model: Model, command: ChangingCommand): Step {
  return [{ ...model, hint: null, overlay: { kind: 'confirm', command, focus: 'cancel' } }, []];
}

/** Opens the menu of ways to reload all workers. */
export function openReloads(model: Model): Step {
  return [{ ...model, hint: null, overlay: { kind: 'reloads', choice: 0 } }, []];
}

/** Goes from the chosen way to the question. */
export function askReload(model: Model, choice: number): Step {
  const row = RELOAD_WAYS[choice];
  if (row === undefined) return [model, []];
  return asking(model, { name: 'reload', how: row.mode });
}

/** Opens the question before the marked worker is replaced. */
export function askReloadWorker(model: Model): Step {
  const { selection } = model.table;
  if (selection === null) return [model, []];
  const { worker, pid, spawned } = selection.identity;
  return asking(model, { name: 'reload-worker', worker, pid, spawned });
}

/** Opens the menu of signals for the marked worker. */
export function openSignals(model: Model): Step {
  const { selection } = model.table;
  if (selection === null) return [model, []];
  return [
    { ...model, hint: null, overlay: { kind: 'signals', target: selection.identity, choice: 0 } },
    [],
  ];
}

/** Goes from the chosen signal to the question. */
export function askKill(model: Model, target: RowIdentity, choice: number): Step {
  const row = KILL_SIGNALS[choice];
  if (row === undefined) return [model, []];
  const { worker, pid, spawned } = target;
  if (rowOf(model, target) === null) return [closedWith(model, gone(worker, pid)), []];
  return asking(model, { name: 'kill-worker', signal: row.signal, worker, pid, spawned });
}

function gone(worker: number, pid: number): string {
  return `worker ${worker} (pid ${pid}) is gone: nothing was sent`;
}

function closedWith(model: Model, text: string): Model {
  return { ...model, overlay: { kind: 'none' }, hint: { text, at: model.now } };
}

/** Answers the question: this is the only place that sends a command. */
export function confirmed(model: Model): Step {
  const { overlay } = model;
  if (overlay.kind !== 'confirm') return [model, []];
  if (overlay.focus === 'cancel') {
    return [closedWith(model, 'cancelled: nothing was sent'), []];
  }
  const { command } = overlay;
  const refusal = controlRefusal(model);
  if (refusal !== null) return [closedWith(model, `${refusal}: nothing was sent`), []];
  if (isForWorker(command) && !targetAlive(model, command)) {
    return [closedWith(model, gone(command.worker, command.pid)), []];
  }
  const id = model.nextCommandId;
  const at = model.now;
  const sent: SentCommand = { id, command, state: 'sent', message: '', sentAt: at, at };
  return [
    {
      ...model,
      overlay: { kind: 'none' },
      hint: null,
      commands: [...model.commands.slice(1 - MEMORY), sent],
      nextCommandId: id + 1,
    },
    [{ type: 'command', id, command }],
  ];
}

type Answer = Extract<ClientEvent, { type: 'reply' | 'outcome' }>;

/** Enters a reply or an outcome under its command; one with an unknown id changes nothing. */
export function answered(model: Model, event: Answer): Step {
  if (!model.commands.some(({ id }) => id === event.id)) return [model, []];
  const state: CommandState =
    event.type === 'reply' ? (event.ok ? 'accepted' : 'failed') : event.ok ? 'done' : 'failed';
  const message = sanitizeShort(event.message, 400);
  const commands = model.commands.map((sent) =>
    sent.id === event.id && takes(sent.state, event.type)
      ? { ...sent, state, message, at: event.at }
      : sent,
  );
  return [{ ...model, commands }, event.type === 'outcome' ? [{ type: 'refresh' }] : []];
}

/** A reply that comes after its outcome says nothing new; an outcome always does. */
function takes(state: CommandState, answer: Answer['type']): boolean {
  return answer === 'outcome' || state === 'sent' || state === 'timed-out';
}

/** Gives up on commands whose answer is overdue; a late one is still entered. */
export function expired(model: Model): Model {
  const overdue = (sent: SentCommand): boolean => {
    const waited = model.now - sent.at;
    if (sent.state === 'sent') return waited >= REPLY_MS;
    if (sent.state !== 'accepted') return false;
    return waited >= OUTCOME_MS[isForWorker(sent.command) ? 'worker' : 'instance'];
  };
  if (!model.commands.some(overdue)) return model;
  const commands = model.commands.map((sent): SentCommand => {
    if (!overdue(sent)) return sent;
    const seconds = Math.round((model.now - sent.at) / 1000);
    const message = `no ${sent.state === 'sent' ? 'answer' : 'outcome'} within ${seconds} s`;
    return { ...sent, state: 'timed-out', message, at: model.now };
  });
  return { ...model, commands };
}

/** The connection broke: what becomes of the open commands will never be told. */
export function lost(model: Model): Model {
  if (!model.commands.some(({ state }) => state === 'sent' || state === 'accepted')) return model;
  const commands = model.commands.map((sent): SentCommand => {
    if (sent.state !== 'sent' && sent.state !== 'accepted') return sent;
    const message = 'the connection broke before the outcome was known';
    return { ...sent, state: 'lost', message, at: model.now };
  });
  return { ...model, commands };
}
