import type { Sample } from '../../server/wire/sample-frames.js';

/** A sample of a process that has done nothing, but for what is given. */
export function sampleWith(given: Partial<Sample>): Sample {
  return {
    type: 'sample',
    requests: 0,
    exceptions: 0,
    aborted: 0,
    tx: 0,
    runningTime: 0,
    averageTime: 0,
    inFlight: 0,
    queued: 0,
    upgraded: 0,
    stalledMs: 0,
    heap: 0,
    buckets: [],
    cores: [0],
    statics: [],
    flights: [],
    loop: 0,
    heapTotal: 0,
    heapLimit: 0,
    loopDelay: 0,
    loopDelayMax: 0,
    refused: [],
    inside: null,
    ...given,
  };
}
