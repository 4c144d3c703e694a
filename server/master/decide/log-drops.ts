import type { MasterEvent } from './events.js';
import { withEvent } from './kept-events.js';
import type { Decision } from './process.js';
import type { MasterState } from './state.js';

/** That lines were dropped is kept; the logger itself says so in the log. */
export function onLogDrops(
  state: MasterState,
  { news: { what, logger, text } }: Extract<MasterEvent, { type: 'log-drops' }>,
  now: number,
): Decision {
  return [withEvent(state, { kind: `log-${what}`, subject: logger, text, at: now }), []];
}
