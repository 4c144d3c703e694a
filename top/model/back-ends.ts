import type { HttpRouterStats } from '../../shared/stats.js';

/** A back end as all routers have it together. */
export interface BackEnd {
  readonly address: string;
  readonly states: HttpRouterStats['backends'][number]['state'][];
  inFlight: number;
  requests: number;
  errors: number;
}

/** The back ends of `--http-to`, each once; they are in no order but that of the command line. */
export function backEndsOf(routers: readonly HttpRouterStats[]): BackEnd[] {
  const found = new Map<string, BackEnd>();
  for (const { address, state, in_flight, requests, errors } of routers.flatMap(
    ({ backends }) => backends,
  )) {
    const one = found.get(address) ?? {
      ...{ address, states: [], inFlight: 0, requests: 0, errors: 0 },
    };
    one.states.push(state);
    one.inFlight += in_flight;
    one.requests += requests;
    one.errors += errors;
    found.set(address, one);
  }
  return [...found.values()];
}
