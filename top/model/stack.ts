import type { ClientEvent } from './client-event.js';
import { controlRefusal, REPLY_MS, type Step } from './control-flow.js';
import { detailRow, withDetail } from './detail-state.js';
import type { Stack } from './list-states.js';
import type { Model } from './model.js';
import { sanitizeShort } from './sanitize.js';

/** A stack is a page of text, whatever a server sends. */
const LINES = 200;
const COLUMNS = 400;

/** Why a worker cannot be asked for its stack now; null when it can. */
export function stackRefusal(model: Model): string | null {
  const refusal = controlRefusal(model);
  if (refusal !== null) return refusal;
  const row = detailRow(model);
  if (row === null) return 'there is no such worker any more';
  return row.worker.pid === 0 ? `no process runs as worker ${row.worker.id}` : null;
}

/** Asks what the worker that is looked at is doing. It changes nothing, so nothing is asked before. */
export function askStack(model: Model): Step {
  const row = detailRow(model);
  if (row === null) return [model, []];
  const { worker, pid, spawned } = row.identity;
  const id = model.nextCommandId;
  const stack: Stack = { id, of: row.identity, state: 'asked', lines: [], at: model.now };
  return [
    { ...withDetail(model, { stack, top: 0 }), nextCommandId: id + 1 },
    [{ type: 'command', id, command: { name: 'traceback', worker, pid, spawned } }],
  ];
}

/** Enters what came of the question; null when the event is of something else. */
export function stackAnswered(
  model: Model,
  event: Extract<ClientEvent, { type: 'reply' | 'outcome' }>,
): Model | null {
  const stack = model.detail?.stack ?? null;
  if (stack?.id !== event.id) return null;
  if (event.type === 'reply' && event.ok) return model;
  const lines = event.message
    .slice(0, LINES * COLUMNS)
    .split('\n')
    .slice(0, LINES)
    .map((line) => sanitizeShort(line, COLUMNS));
  return withStack(model, stack, event.ok ? 'told' : 'refused', lines);
}

/** Gives up on an answer that is overdue; a late one is still entered. */
export function stackExpired(model: Model): Model {
  const stack = model.detail?.stack ?? null;
  if (stack?.state !== 'asked' || model.now - stack.at < REPLY_MS) return model;
  return withStack(model, stack, 'refused', [`no answer within ${REPLY_MS / 1000} s`]);
}

/** The connection broke: the answer will not come. */
export function stackLost(model: Model): Model {
  const stack = model.detail?.stack ?? null;
  if (stack?.state !== 'asked') return model;
  return withStack(model, stack, 'refused', ['the connection broke before the answer came']);
}

function withStack(
  model: Model,
  stack: Stack,
  state: Stack['state'],
  lines: readonly string[],
): Model {
  return withDetail(model, { stack: { ...stack, state, lines, at: model.now } });
}
