import { grouped } from '../../shared/units.js';
import type { Sample } from '../wire/sample-frames.js';

/** What a worker has counted since its process started, as one line for the log. */
export function totalsLine(id: number, pid: number, sample: Sample): string {
  const { requests, exceptions, aborted, inFlight, upgraded, tx, runningTime } = sample;
  const totals = [
    `${grouped(requests)} requests`,
    `${grouped(exceptions)} exceptions`,
    `${grouped(aborted)} aborted`,
    `${grouped(inFlight)} in flight`,
    `${grouped(upgraded)} upgraded connections`,
    `${grouped(tx)} bytes sent`,
    `${(runningTime / 1e6).toFixed(1)} seconds running`,
  ];
  return `worker ${id} (pid: ${pid}): ${totals.join(', ')}`;
}
