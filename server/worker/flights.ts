import type { ServerResponse } from 'node:http';

/** A request inside the application. */
export interface Flight {
  readonly response: ServerResponse;
  /** -1 when there was none left. */
  readonly core: number;
  readonly startedAt: number;
}

/** Where they are noted. */
interface Places {
  /** By core. */
  readonly answers: readonly (ServerResponse | null)[];
  /** By core. */
  readonly started: Float64Array;
  /** When those began that have no core. */
  readonly unnamed: ReadonlyMap<ServerResponse, number>;
}

/** All requests inside the application. */
export function* flightsOf({ answers, started, unnamed }: Places): Generator<Flight> {
  for (const [core, response] of answers.entries()) {
    if (response != null) yield { response, core, startedAt: started[core] ?? 0 };
  }
  for (const [response, startedAt] of unnamed) yield { response, core: -1, startedAt };
}
