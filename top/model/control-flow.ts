import {
  type ChangingCommand,
  isForQueue,
  isForWorker,
  type ReloadMode,
} from '../../shared/commands.js';
import type { ClientEvent, ControlLimits } from './client-event.js';
import { targetOf } from './detail-state.js';
import type { Effect } from './message.js';
import { MIN_ASK } from './geometry.js';
import type { Model } from './model.js';
import type { CommandState, SentCommand } from './overlay.js';
import { endsAll, LAST_WORD, needsWord } from './last-worker.js';
import { queueFor } from './queues.js';
import type { RowIdentity } from './rows.js';
import { sanitizeShort } from './sanitize.js';
import { withSnapshotFile } from './snapshot-file.js';
import { withAllocators } from './allocators.js';
import { waysOf } from './server-ways.js';
import { allRows, instanceOf, selectionState, tableRows } from './table-state.js';
import { withoutWorkers } from './without-workers.js';

/** How long the server may take to accept or refuse. */
export const REPLY_MS = 10_000;
/** How long an accepted command may take: a drain lasts up to a minute, a reload several. */
export const OUTCOME_MS = { worker: 150_000, queue: 30_000, instance: 900_000 } as const;
/** How many commands are remembered. */
const MEMORY = 20;
/** How many commands of one connection a server takes before the first of them has its outcome. */
const AT_ONCE = 16;

export type Step = readonly [Model, readonly Effect[]];

/** Why nothing on the server can be changed now, in one sentence; null when it can. */
export function controlRefusal(model: Model): string | null {
  if (model.past !== null && model.speed === null)
    return 'this is the past: 0 or Esc returns to now';
  const none = withoutWorkers(model.shown?.document);
  if (none !== null) return none;
  if (model.connection.state === 'problem') return 'the server sends nothing that can be shown';
  if (model.connection.state !== 'open') return 'not connected';
  if (!model.control.available) return sanitizeShort(model.control.reason, 300);
  if (model.width < MIN_ASK.width || model.height < MIN_ASK.height) {
    return `the terminal is too small to ask: ${MIN_ASK.width}x${MIN_ASK.height} is needed`;
  }
  return null;
}

/** Why one thing cannot be done, be it that others can; null when it can. */
function refusalOf(model: Model, what: keyof ControlLimits): string | null {
  const limits = model.control.available ? model.control.limits : undefined;
  return controlRefusal(model) ?? limits?.[what] ?? null;
}

/** Why the server cannot be reloaded in a way; null when it can. */
export function reloadRefusal(model: Model, mode: ReloadMode | 'canary'): string | null {
  if (mode === 'canary') return refusalOf(model, 'worker');
  return mode === 'rolling' ? controlRefusal(model) : refusalOf(model, mode);
}

/** Why the number of workers cannot be changed; null when it can. */
export function scaleRefusal(model: Model): string | null {
  return refusalOf(model, 'scale');
}

/** Why neither the tagged workers nor the marked one can be acted on; null when they can. */
export function workerRefusal(model: Model): string | null {
  const refusal = refusalOf(model, 'worker');
  if (refusal !== null) return refusal;
  if (model.screen === 'detail') return vacancy(targetOf(model));
  const { selection } = model.table;
  if (tableRows(model) === 0) return 'no table is shown at this size';
  const tagged = model.table.tags.length;
  if (tagged > AT_ONCE) {
    return `${tagged} workers are tagged, the server takes ${AT_ONCE} at once: untag some, U all`;
  }
  if (tagged > 0) return null;
  switch (selectionState(model)) {
    case 'none':
      return 'mark a worker first, with the arrow keys';
    case 'gone':
      return 'the marked process is gone: mark another with the arrow keys';
    case 'hidden':
      return 'the marked worker is hidden by the filter';
    case 'shown':
      return vacancy(selection?.identity ?? null);
  }
}

/** Why there is no process to act on; null when there is one. */
function vacancy(identity: RowIdentity | null): string | null {
  if (identity === null) return 'there is no such worker any more';
  return identity.pid === 0 ? `no process runs as worker ${identity.worker}` : null;
}

/** Whether the process or the queue that a command names is still there; always for the instance. */
export function targetAlive(model: Model, command: ChangingCommand): boolean {
  if (isForQueue(command)) return queueFor(model, command) !== null;
  if (!isForWorker(command)) return instanceOf(model) !== null;
  return allRows(model).some(
    ({ identity }) =>
      identity.worker === command.worker &&
      identity.pid === command.pid &&
      identity.spawned === command.spawned,
  );
}

/** Opens the question before commands are sent; Cancel is what Enter would press. */
export function ask(model: Model, ...commands: readonly ChangingCommand[]): Step {
  const overlay = { kind: 'confirm', commands, focus: 'cancel', typed: '' } as const;
  return [{ ...model, hint: null, overlay }, []];
}

/** Opens the menu of ways to reload all workers. */
export function openReloads(model: Model): Step {
  return [{ ...model, hint: null, overlay: { kind: 'reloads', choice: 0 } }, []];
}

/** Goes from the chosen way to the question. */
export function askReload(model: Model, choice: number): Step {
  const row = waysOf(model).reloads[choice];
  if (row === undefined || row.mode === 'canary') return [model, []];
  const refusal = reloadRefusal(model, row.mode);
  if (refusal !== null) return [closedWith(model, refusal), []];
  return ask(model, { name: 'reload', how: row.mode });
}

/** What R and F9 act on: the worker that is shown, the tagged workers, or without any the marked one. */
function targetsOf(model: Model): readonly RowIdentity[] {
  const { tags } = model.table;
  if (model.screen !== 'detail' && tags.length > 0) return tags;
  const target = targetOf(model);
  return target === null ? [] : [target];
}

/** Opens the question before the tagged workers or the marked one are replaced. */
export function askReloadWorker(model: Model): Step {
  return askReloadOf(model, targetsOf(model));
}

/** The same before these processes are. */
export function askReloadOf(model: Model, targets: readonly RowIdentity[]): Step {
  const commands = targets.map(({ worker, pid, spawned }) => {
    return { name: 'reload-worker', worker, pid, spawned } as const;
  });
  return commands.length === 0 ? [model, []] : ask(model, ...commands);
}

/** Opens the menu of signals for the tagged workers or the marked one. */
export function openSignals(model: Model): Step {
  return openSignalsOf(model, targetsOf(model));
}

/** The same for these processes. */
export function openSignalsOf(model: Model, targets: readonly RowIdentity[]): Step {
  if (targets.length === 0) return [model, []];
  return [{ ...model, hint: null, overlay: { kind: 'signals', targets, choice: 0 } }, []];
}

/** Goes from the chosen signal to the question. */
export function askKill(model: Model, targets: readonly RowIdentity[], choice: number): Step {
  const row = waysOf(model).signals[choice];
  if (row === undefined) return [model, []];
  const { signal } = row;
  const commands = targets.map(({ worker, pid, spawned }) => {
    return { name: 'kill-worker', signal, worker, pid, spawned } as const;
  });
  if (commands.some((command) => targetAlive(model, command))) return ask(model, ...commands);
  return [closedWith(model, commands.map(gone).join(' · ')), []];
}

function gone(command: ChangingCommand): string {
  const who = isForWorker(command)
    ? `worker ${command.worker} (pid ${command.pid})`
    : isForQueue(command)
      ? `queue ${sanitizeShort(command.queue, 200)}`
      : 'the server';
  return `${who} is gone: nothing was sent`;
}

function closedWith(model: Model, text: string): Model {
  return { ...model, overlay: { kind: 'none' }, hint: { text, at: model.now } };
}

/** Answers the question: this is the only place that sends commands. */
export function confirmed(model: Model): Step {
  const { overlay } = model;
  if (overlay.kind !== 'confirm') return [model, []];
  if (overlay.focus === 'cancel') {
    return [closedWith(model, 'cancelled: nothing was sent'), []];
  }
  const { commands } = overlay;
  const refusal = controlRefusal(model);
  if (refusal !== null) return [closedWith(model, `${refusal}: nothing was sent`), []];
  const alive = commands.filter((command) => targetAlive(model, command));
  const skipped = commands.filter((command) => !alive.includes(command)).map(gone);
  if (alive.length === 0) return [closedWith(model, skipped.join(' · ')), []];
  if (needsWord(model, alive) && overlay.typed !== LAST_WORD) {
    const what = alive.some(endsAll)
      ? 'ends all workers at once'
      : 'takes the last worker that accepts';
    const text = `this ${what}: type ${LAST_WORD} first`;
    return [{ ...model, hint: { text, at: model.now } }, []];
  }
  return send(model, alive, skipped);
}

/** Sends the commands. What becomes of one stands in the footer, of several in a dialog. */
export function send(
  model: Model,
  commands: readonly ChangingCommand[],
  skipped: readonly string[],
): Step {
  const at = model.now;
  const sent = commands.map((command, index): SentCommand => {
    const id = model.nextCommandId + index;
    return { id, command, state: 'sent', message: '', sentAt: at, at };
  });
  const ids = sent.map(({ id }) => id);
  const several = sent.length + skipped.length > 1;
  return [
    {
      ...model,
      overlay: several ? { kind: 'outcomes', ids, skipped } : { kind: 'none' },
      hint: null,
      commands: [...model.commands, ...sent].slice(-Math.max(MEMORY, sent.length)),
      nextCommandId: model.nextCommandId + sent.length,
    },
    sent.map(({ id, command }) => ({ type: 'command', id, command })),
  ];
}

type Answer = Extract<ClientEvent, { type: 'reply' | 'outcome' }>;

/** Enters a reply or an outcome under its command; one with an unknown id changes nothing. */
export function answered(model: Model, event: Answer): Step {
  if (!model.commands.some(({ id }) => id === event.id)) return [model, []];
  const state: CommandState =
    event.type === 'reply' ? (event.ok ? 'accepted' : 'failed') : event.ok ? 'done' : 'failed';
  // What has more lines than a sentence is shown elsewhere.
  const message = sanitizeShort(event.message.split('\n', 1).join(), 400);
  const commands = model.commands.map((sent) =>
    sent.id === event.id && takes(sent.state, event.type)
      ? { ...sent, state, message, at: event.at }
      : sent,
  );
  const next = withSnapshotFile(withAllocators({ ...model, commands }, event), event);
  return [next, event.type === 'outcome' ? [{ type: 'refresh' }] : []];
}

/** Enters how far an accepted command is: it is not overdue then. */
export function progressed(model: Model, event: Extract<ClientEvent, { type: 'progress' }>): Model {
  const message = sanitizeShort(event.message, 400);
  const commands = model.commands.map((sent) =>
    sent.id === event.id && (sent.state === 'accepted' || sent.state === 'timed-out')
      ? { ...sent, state: 'accepted' as const, message, at: event.at }
      : sent,
  );
  return { ...model, commands };
}

/** A reply that comes after its outcome says nothing new; an outcome always does. */
function takes(state: CommandState, answer: Answer['type']): boolean {
  return answer === 'outcome' || state === 'sent' || state === 'timed-out';
}

function targetKind(command: ChangingCommand): keyof typeof OUTCOME_MS {
  if (isForQueue(command)) return 'queue';
  return isForWorker(command) ? 'worker' : 'instance';
}

/** Gives up on commands whose answer is overdue; a late one is still entered. */
export function expired(model: Model): Model {
  const overdue = (sent: SentCommand): boolean => {
    const waited = model.now - sent.at;
    if (sent.state === 'sent') return waited >= REPLY_MS;
    if (sent.state !== 'accepted') return false;
    return waited >= OUTCOME_MS[targetKind(sent.command)];
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

/**
 * The connection broke: what becomes of the open commands will never be told. A server that is
 * polled has none: what was done shows when it answers again, as after the reload of a uWSGI.
 */
export function lost(model: Model): Model {
  if (model.shown !== null && model.shown.transport !== 'live') return model;
  if (!model.commands.some(({ state }) => state === 'sent' || state === 'accepted')) return model;
  const commands = model.commands.map((sent): SentCommand => {
    if (sent.state !== 'sent' && sent.state !== 'accepted') return sent;
    const message = 'the connection broke before the outcome was known';
    return { ...sent, state: 'lost', message, at: model.now };
  });
  return { ...model, commands };
}
