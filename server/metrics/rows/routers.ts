import type { HttpRouterStats } from '../../../shared/stats.js';
import type { Metric, MetricUnit } from '../metric.js';

type Row = readonly [
  name: string,
  type: 'counter' | 'gauge',
  unit: MetricUnit,
  help: string,
  value: (router: HttpRouterStats) => number,
];

const ROWS: readonly Row[] = [
  ['requests', 'counter', '', 'Requests that came to a router of --http.', (r) => r.requests],
  ['requests_in_flight', 'gauge', '', 'Requests that it passes on now.', (r) => r.in_flight],
  ['requests_queued', 'gauge', '', 'Requests that wait in it for a worker.', (r) => r.queued],
  ['queue_limit', 'gauge', '', 'How many may wait.', (r) => r.queue_limit],
  ['connections', 'gauge', '', 'Connections of clients that are open.', (r) => r.connections],
  ['upgraded', 'gauge', '', 'Tunnels that are open, such as WebSockets.', (r) => r.upgraded],
  ['retries', 'counter', '', 'Requests that were given to a second worker.', (r) => r.retries],
  ['static_requests', 'counter', '', 'Requests answered from files.', (r) => r.static_requests],
  ['aborted', 'counter', '', 'Requests whose client left early.', (r) => r.aborted],
  ['received_bytes', 'counter', 'bytes', 'Bytes from clients.', (r) => r.rx],
  ['sent_bytes', 'counter', 'bytes', 'Bytes to clients.', (r) => r.tx],
  ['rss_bytes', 'gauge', 'bytes', 'Resident memory of the router.', (r) => r.rss],
  ['spawns', 'counter', '', 'Processes that were started under its id.', (r) => r.respawn_count],
];

const ANSWERS: Metric = {
  name: 'tsuwsgi_router_answers',
  type: 'counter',
  unit: '',
  help: "Requests that a router answered in a worker's stead, by status.",
  labels: ['router_id', 'status'],
  read: ({ routers }) =>
    routers.flatMap(({ id, answered }) =>
      Object.entries(answered).map(([status, value]) => ({
        labels: [['router_id', `${id}`] as const, ['status', status] as const],
        value,
      })),
    ),
};

/** What is told of each router; nothing without --http. */
export const ROUTER_METRICS: readonly Metric[] = [
  ...ROWS.map(([name, type, unit, help, value]): Metric => ({
    name: `tsuwsgi_router_${name}`,
    ...{ type, unit, help, labels: ['router_id'] },
    read: ({ routers }) =>
      routers.map((router) => ({
        labels: [['router_id', `${router.id}`]],
        value: value(router),
      })),
  })),
  ANSWERS,
];
