import type { UwsgiCore } from '../../../shared/stats.js';
import type { FlightSample, Sample } from '../../wire/frames.js';

/**
 * The cores of a worker: what ended in each over all its processes, and what is in flight in the one
 * to show. A worker that has not told anything yet has one, unused.
 */
export function cores(requests: readonly number[], sample: Sample | undefined): UwsgiCore[] {
  if (requests.length === 0) return [core(0, 0, undefined)];
  const flights = new Map(sample?.flights.map((flight) => [flight.core, flight]));
  return requests.map((count, id) => core(id, count, flights.get(id)));
}

function core(id: number, requests: number, flight: FlightSample | undefined): UwsgiCore {
  return {
    id,
    requests,
    static_requests: 0,
    routed_requests: 0,
    offloaded_requests: 0,
    write_errors: 0,
    read_errors: 0,
    in_request: flight === undefined ? 0 : 1,
    vars: flight === undefined ? [] : vars(flight),
    req_info: flight === undefined ? {} : { request_start: flight.started },
  };
}

/** Only what names the request: no header, and so no secret of a header, is ever here. */
function vars({ method, uri, peer }: FlightSample): string[] {
  return [`REQUEST_METHOD=${method}`, `REQUEST_URI=${uri}`, `REMOTE_ADDR=${peer}`, ''];
}
