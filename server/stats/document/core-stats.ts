import type { UwsgiCore } from '../../../shared/stats.js';
import type { FlightSample, Sample } from '../../wire/sample-frames.js';
import type { Scope } from './scope.js';

/**
 * The cores of a worker: what ended in each over all its processes, and what is in flight in the one
 * to show. A worker that has not told anything yet has one, unused.
 */
export function cores(
  { counts, statics }: { readonly counts: readonly number[]; readonly statics: readonly number[] },
  sample: Sample | undefined,
  scope: Scope,
): UwsgiCore[] {
  if (counts.length === 0) return [idleCore(0, 0)];
  const flights = new Map(sample?.flights.map((flight) => [flight.core, flight]));
  return counts.map((requests, id) => {
    const flight = flights.get(id);
    const idle = { ...idleCore(id, requests), static_requests: statics[id] ?? 0 };
    return flight === undefined ? idle : busyCore(idle, flight, scope);
  });
}

function busyCore(idle: UwsgiCore, flight: FlightSample, scope: Scope): UwsgiCore {
  return {
    ...idle,
    in_request: 1,
    vars: scope.vars ? vars(flight, scope) : [],
    req_info: { request_start: flight.started },
  };
}

function idleCore(id: number, requests: number): UwsgiCore {
  return {
    id,
    requests,
    static_requests: 0,
    routed_requests: 0,
    offloaded_requests: 0,
    write_errors: 0,
    read_errors: 0,
    in_request: 0,
    vars: [],
    req_info: {},
  };
}

/** Only what names the request: no header, and so no secret of a header, is ever here. */
function vars({ method, uri, peer }: FlightSample, scope: Scope): string[] {
  return [`REQUEST_METHOD=${method}`, `REQUEST_URI=${scope.uri(uri)}`, `REMOTE_ADDR=${peer}`, ''];
}
