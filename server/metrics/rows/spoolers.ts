import type { SpoolerStats } from '../../../shared/stats.js';
import type { Metric, MetricUnit } from '../metric.js';

type Row = readonly [
  name: string,
  type: 'counter' | 'gauge',
  unit: MetricUnit,
  help: string,
  value: (spooler: SpoolerStats) => number | null,
];

const ROWS: readonly Row[] = [
  ['runs', 'counter', '', 'Runs of tasks that ended, well or not.', (s) => s.tasks],
  ['done', 'counter', '', 'Runs of tasks that ended well.', (s) => s.done],
  ['run_seconds', 'counter', 'seconds', 'Time in runs that ended.', (s) => s.latency.sum_us / 1e6],
  ['running', 'gauge', '', 'Tasks that it runs now.', (s) => s.running_tasks.length],
  ['harakiris', 'counter', '', 'Kills for a task that took too long.', (s) => s.harakiri_count],
  ['rss_bytes', 'gauge', 'bytes', 'Resident memory of the spooler.', (s) => s.rss],
  ['spawns', 'counter', '', 'Processes under its id after the first.', (s) => s.respawns],
];

const QUEUE_ROWS: readonly Row[] = [
  ['tasks_waiting', 'gauge', '', 'Tasks that can be run now.', (s) => s.waiting],
  ['tasks_delayed', 'gauge', '', 'Tasks for later, retries among them.', (s) => s.delayed],
  ['tasks_in_progress', 'gauge', '', 'Tasks that are run.', (s) => s.in_progress],
  ['tasks_failed', 'gauge', '', 'Tasks out of retries.', (s) => s.failed],
  [
    'oldest_age_seconds',
    'gauge',
    'seconds',
    'How long the oldest task that can be run has waited.',
    (s) => s.oldest_age_s,
  ],
  [
    'paused',
    'gauge',
    '',
    'Whether nothing of the queue is claimed until it is resumed.',
    (s) => s.paused,
  ],
];

/** Each queue once: its spoolers tell the same of it. */
function queues(spoolers: readonly SpoolerStats[]): readonly SpoolerStats[] {
  return spoolers.filter(({ queue }, index) => index === firstOf(queue, spoolers));
}

function firstOf(wanted: string, spoolers: readonly SpoolerStats[]): number {
  return spoolers.findIndex(({ queue }) => queue === wanted);
}

/** What is told of each spooler and each queue; nothing without --spooler. What is not known is left out. */
export const SPOOLER_METRICS: readonly Metric[] = [
  ...ROWS.map(([name, type, unit, help, value]): Metric => ({
    name: `tsuwsgi_spooler_${name}`,
    ...{ type, unit, help, labels: ['spooler_id', 'queue'] },
    read: ({ spoolers }) =>
      spoolers.flatMap((spooler) => {
        const number = value(spooler);
        const { id, queue } = spooler;
        return number === null
          ? []
          : [
              {
                labels: [['spooler_id', `${id}`] as const, ['queue', queue] as const],
                value: number,
              },
            ];
      }),
  })),
  ...QUEUE_ROWS.map(([name, type, unit, help, value]): Metric => ({
    name: `tsuwsgi_queue_${name}`,
    ...{ type, unit, help, labels: ['queue'] },
    read: ({ spoolers }) =>
      queues(spoolers).flatMap((spooler) => {
        const number = value(spooler);
        return number === null
          ? []
          : [{ labels: [['queue', spooler.queue] as const], value: number }];
      }),
  })),
];
