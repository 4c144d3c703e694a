import type { HttpRouterStats, RouterBackendStats } from '../../../shared/stats.js';
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
  [
    'requests_queued',
    'gauge',
    '',
    'Requests that wait in it for a worker or back end.',
    (r) => r.queued,
  ],
  ['queue_limit', 'gauge', '', 'How many may wait.', (r) => r.queue_limit],
  ['connections', 'gauge', '', 'Connections of clients that are open.', (r) => r.connections],
  ['upgraded', 'gauge', '', 'Tunnels that are open, such as WebSockets.', (r) => r.upgraded],
  [
    'retries',
    'counter',
    '',
    'Requests that were given to a second worker or back end.',
    (r) => r.retries,
  ],
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
  help: "Requests that a router answered in a worker's or back end's stead, by status.",
  labels: ['router_id', 'status'],
  read: ({ routers }) =>
    routers.flatMap(({ id, answered }) =>
      Object.entries(answered).map(([status, value]) => ({
        labels: [['router_id', `${id}`] as const, ['status', status] as const],
        value,
      })),
    ),
};

type BackendRow = readonly [
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  value: (backend: RouterBackendStats) => number,
];

const BACKEND_ROWS: readonly BackendRow[] = [
  ['requests', 'counter', 'Requests given to a back end of --http-to.', (b) => b.requests],
  ['requests_in_flight', 'gauge', 'Requests that it answers now.', (b) => b.in_flight],
  ['errors', 'counter', 'Answers that it did not give, or not to the end.', (b) => b.errors],
  [
    'up',
    'gauge',
    'Whether it is up: 0 while it cannot be reached.',
    (b) => Number(b.state === 'up'),
  ],
];

const BACKENDS: readonly Metric[] = BACKEND_ROWS.map(([name, type, help, value]): Metric => ({
  name: `tsuwsgi_router_backend_${name}`,
  ...{ type, unit: '', help, labels: ['router_id', 'backend'] },
  read: ({ routers }) =>
    routers.flatMap(({ id, backends }) =>
      backends.map((backend) => ({
        labels: [['router_id', `${id}`] as const, ['backend', backend.address] as const],
        value: value(backend),
      })),
    ),
}));

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
  ...BACKENDS,
];
