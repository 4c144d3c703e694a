import type { StatsDocument, WorkerStats } from '../../shared/stats.js';

/**
 * The totals of the instance and of each worker, for SIGUSR1: sentences, one a line, and below them
 * the lines that a uWSGI writes, for what reads these from a log.
 */
export function statisticsLines({ workers, listen_queue: queue }: StatsDocument): string[] {
  const requests = workers.reduce((sum, worker) => sum + worker.requests, 0);
  const active = workers.filter(({ state }) => state !== 'cheap').length;
  return [
    `*** statistics: ${plural(requests, 'request')} by ${active} of ${plural(workers.length, 'worker')}, ${queue} in the listen queue ***`,
    ...workers.map(line),
    ...uwsgiLines(workers, requests),
  ];
}

const RULE = '-----------------';

/** A uWSGI has a block for each application of a worker; here there is one, at no mount point. */
function uwsgiLines(workers: readonly WorkerStats[], requests: number): string[] {
  return [
    `\tworkers total requests: ${requests}`,
    RULE,
    ...workers.flatMap(({ id, requests: own, exceptions }) => [
      `\tworker ${id} app 0 [] requests: ${own} exceptions: ${exceptions}`,
      RULE,
    ]),
  ];
}

function line(worker: WorkerStats): string {
  const who = worker.pid === 0 ? `no process` : `pid: ${worker.pid}`;
  return (
    `worker ${worker.id} (${who}) is ${worker.state}: ${plural(worker.requests, 'request')}, ` +
    `${plural(worker.exceptions, 'exception')}, ${worker.harakiri_count} harakiri, ` +
    `${plural(Math.max(0, worker.respawn_count - 1), 'respawn')}, rss ${worker.rss} bytes`
  );
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
