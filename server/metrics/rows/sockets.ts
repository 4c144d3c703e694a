import type { UwsgiSocket } from '../../../shared/stats.js';
import type { Metric } from '../metric.js';

/** The public exporter's names for a socket; all are gauges. */
const ROWS: readonly (readonly [
  name: string,
  help: string,
  value: (socket: UwsgiSocket) => number,
])[] = [
  [
    'uwsgi_socket_queue_length',
    'Connections that the kernel holds and no worker has accepted yet.',
    (socket) => socket.queue,
  ],
  [
    'uwsgi_socket_max_queue_length',
    "The kernel's limit for that queue.",
    (socket) => socket.max_queue,
  ],
  ['uwsgi_socket_shared', 'Always 0: no socket is a shared socket.', (socket) => socket.shared],
  ['uwsgi_socket_can_offload', 'Always 0: nothing is offloaded.', (socket) => socket.can_offload],
];

/** What is told of each socket. */
export const SOCKET_METRICS: readonly Metric[] = ROWS.map(([name, help, value]) => ({
  name,
  type: 'gauge',
  unit: '',
  help,
  labels: ['name', 'proto'],
  read: ({ sockets }) =>
    distinct(sockets).map((socket) => ({
      labels: [
        ['name', socket.name],
        ['proto', socket.proto],
      ],
      value: value(socket),
    })),
}));

/** One address may be bound twice, and two samples with the same labels would spoil the scrape. */
function distinct(sockets: readonly UwsgiSocket[]): readonly UwsgiSocket[] {
  return sockets.filter(
    ({ name, proto }, at) =>
      sockets.findIndex((other) => other.name === name && other.proto === proto) === at,
  );
}
