import type { ClientEvent } from './client-event.js';
import type { Model } from './model.js';
import { sanitizeShort } from './sanitize.js';

/** A list is a page of text, whatever a server sends. */
const LINES = 40;
const COLUMNS = 300;

/**
 * Shows who allocates when a heap profile has its outcome, and what grew when two snapshots were
 * compared, unless something else is open.
 */
export function withAllocators(
  model: Model,
  event: Extract<ClientEvent, { type: 'reply' | 'outcome' }>,
): Model {
  if (event.type !== 'outcome' || !event.ok || model.overlay.kind !== 'none') return model;
  const command = model.commands.find(({ id }) => id === event.id)?.command;
  if (command?.name !== 'heap-profile' && command?.name !== 'compare-snapshots') return model;
  const lines = event.message
    .slice(0, LINES * COLUMNS)
    .split('\n')
    .slice(0, LINES)
    .map((line) => sanitizeShort(line, COLUMNS));
  return {
    ...model,
    overlay: { kind: 'allocators', of: command.name, worker: command.worker, lines, scroll: 0 },
  };
}
