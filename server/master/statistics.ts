import type { StatsDocument, WorkerStats } from '../../shared/stats.js';

/** The totals of the instance and of each worker as sentences, one a line, for SIGUSR1. */
export function statisticsLines({ workers, listen_queue: queue }: StatsDocument): string[] {
  const requests = workers.reduce((sum, worker) => sum + worker.requests, 0);
  const active = workers.filter(({ state }) => state !== 'cheap').length;
  return [
    `*** statistics: ${plural(requests, 'request')} by ${active} of ${plural(workers.length, 'worker')}, ${queue} in the listen queue ***`,
    ...workers.map(line),
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
