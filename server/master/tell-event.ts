import type { Log } from '../log.js';
import type { MasterEvent } from './decide/events.js';

/** What comes by the clock says nothing, and would say it ten times a second. */
const UNTOLD: ReadonlySet<MasterEvent['type']> = new Set(['tick', 'measured', 'load']);

/** Characters of an event that are logged. */
const MAX_EVENT = 1000;

/** Logs an event that the master is about to decide on, for the level `debug`. */
export function tellEvent(event: MasterEvent, log: Log): void {
  if (UNTOLD.has(event.type)) return;
  const { type, ...rest } = event;
  log(`event ${type} ${JSON.stringify(rest)}`.slice(0, MAX_EVENT), 'debug');
}
