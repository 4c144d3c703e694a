import type { ClientEvent } from './client-event.js';
import type { HappenedEvent } from './events.js';
import { serverTime } from './currency.js';
import { type Model } from './model.js';
import { sanitizeShort } from './sanitize.js';

/** More than a path on Linux and what is said around it. */
const MOST = 4500;

/**
 * Tells in full where a heap snapshot was written, unless something else is open: its path is longer
 * than the line in which outcomes stand.
 */
export function withSnapshotFile(
  model: Model,
  event: Extract<ClientEvent, { type: 'reply' | 'outcome' }>,
): Model {
  if (event.type !== 'outcome' || !event.ok || model.overlay.kind !== 'none') return model;
  const command = model.commands.find(({ id }) => id === event.id)?.command;
  if (command?.name !== 'heap-snapshot') return model;
  const told: HappenedEvent = {
    ...{ key: `snapshot/${event.id}`, at: event.at, time: serverTime(model) ?? 0, kind: 'action' },
    ...{ worker: command.worker, details: [], bad: false },
    text: sanitizeShort(event.message, MOST),
  };
  return { ...model, overlay: { kind: 'event', event: told, scroll: 0 } };
}
