import { bodyBytes, CLIENT_LEFT, type Logged } from './logged.js';
import type { LogConditions } from './settings.js';

/** Whether a request is to be logged where not all are. */
export function isWanted(logged: Logged, only: LogConditions): boolean {
  const { slowMs, bigBytes } = only;
  if (slowMs !== null && logged.micros >= slowMs * 1000) return true;
  if (only.cutOff && logged.isCut) return true;
  if (hasWantedStatus(logged.status, only)) return true;
  const body = bodyBytes(logged);
  return (only.empty && body === 0) || (bigBytes !== null && body > bigBytes);
}

/** A client that leaves is no error. */
function hasWantedStatus(status: number, { clientErrors, serverErrors }: LogConditions): boolean {
  if (status < 400 || status === CLIENT_LEFT) return false;
  return status < 500 ? clientErrors : serverErrors;
}
