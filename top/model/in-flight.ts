import type { DecodedWorker, UwsgiCore } from '../../shared/stats.js';
import { ofEach } from './remember.js';
import { sanitizeShort } from './sanitize.js';

/** A request that a worker is serving, as its core tells it. */
export interface InFlightRequest {
  readonly core: number;
  readonly method: string;
  readonly uri: string;
  readonly peer: string;
  /** When it began, seconds since 1970; null when the document does not say. */
  readonly start: number | null;
  /** Seconds it has run; null when the document does not say since when. */
  readonly age: number | null;
}

const NONE: readonly InFlightRequest[] = [];

function isBusy(core: UwsgiCore): boolean {
  return core.in_request !== 0;
}

function variable(core: UwsgiCore, name: string): string {
  const found = core.vars.find((entry) => entry.startsWith(`${name}=`));
  return found === undefined ? '' : sanitizeShort(found.slice(name.length + 1));
}

/**
 * The requests in flight of one worker, oldest first; those without a start come last.
 * @param now Seconds since 1970 by the server's clock, or null when unknown.
 */
export function inFlightRequests(
  worker: DecodedWorker,
  now: number | null,
): readonly InFlightRequest[] {
  if (worker.cores?.some(isBusy) !== true) return NONE;
  return worker.cores
    .filter(isBusy)
    .map((core) => {
      const start = core.req_info.request_start;
      return {
        core: core.id,
        method: variable(core, 'REQUEST_METHOD') || '?',
        uri: variable(core, 'REQUEST_URI') || variable(core, 'PATH_INFO'),
        peer: variable(core, 'REMOTE_ADDR'),
        start: start ?? null,
        age: start === undefined || now === null ? null : Math.max(0, now - start),
      };
    })
    .sort((a, b) => (b.age ?? -1) - (a.age ?? -1));
}

/** Of each worker whether there is one. */
export const haveRequests = ofEach(
  ({ cores }: DecodedWorker): boolean => cores?.some(isBusy) === true,
);

/** How many requests a worker is serving; null when the document does not say. */
export function inFlightCount(worker: DecodedWorker): number | null {
  if (worker.in_flight !== undefined) return worker.in_flight;
  if (worker.cores === undefined) return null;
  return worker.cores.filter(isBusy).length;
}
