import type { WorkerStats } from '../../shared/stats.js';
import type { Message } from '../../top/model/message.js';
import type { Model } from '../../top/model/model.js';
import {
  busyModel,
  busyShop,
  client,
  instanceAt,
  keys,
  play,
  start,
  STUCK,
  tick,
} from './dashboard.js';
import { exitOf } from './happened.js';
import { busyCore, NOW } from './stats-builder.js';
import { uwsgiInstance } from './uwsgi-documents.js';

const MB = 1024 * 1024;

/** Worker 3, blocked, with everything that a document can say of a worker. */
export const TOLD = {
  ...STUCK,
  ...{ pss: 355 * MB, uss: 348 * MB, vsz: 1104 * MB },
  ...{ heap_used: 311 * MB, heap_total: 330 * MB, heap_limit: 2048 * MB },
  ...{ loop_utilization: 0.98, loop_delay_ms: 12.4, loop_delay_max_ms: 8412 },
  ...{ aborted: 3, lost: 2, upgraded: 1, refused: { 'too-large': 4 }, signals: 1 },
  ...{ delta_requests: 41_200, respawn_count: 2, ready_at: NOW - 273_599.2 },
  recent_latency: { seconds: 60, count: 1800, p50_us: 3100, p95_us: 18_000, p99_us: 74_000 },
  last_exit: exitOf({ at: NOW - 273_601 }),
  draining: [{ pid: 21_311, in_flight: 2, since: NOW - 40 }],
  apps: [
    {
      ...{ id: 0, modifier1: 0, mountpoint: '', startup_time: 1, requests: 98_120 },
      ...{ exceptions: 4, chdir: '/srv/catserve' },
    },
  ],
  cores: [
    { ...busyCore(0, 'GET', '/block?s=30', 8.5 - 60), requests: 61_004, write_errors: 2 },
    { ...busyCore(1, 'POST', '/reports/2026?format=pdf', 14 - 60), requests: 37_116 },
  ],
} satisfies Partial<WorkerStats>;

/** A dashboard on which worker 3 was marked and opened. */
export function detailModel(
  width: number,
  height: number,
  third: Partial<WorkerStats> = TOLD,
): Model {
  return play(busyModel(width, height, { third }), keys('down', 'down', 'down', 'enter')).model;
}

/** What a server says to a question of this id. */
export function answer(id: number, message: string, ok = true): Message[] {
  const code = ok ? 'done' : 'failed';
  const at = 60_900;
  return [
    client({ type: 'reply', at, id, ok: true, code: 'accepted', message: '' }),
    client({ type: 'outcome', at, id, ok, code, message }),
  ];
}

/** The same, asked for its stack, which came a moment ago. */
export function stackModel(width: number, height: number): Model {
  const asked = play(detailModel(width, height), keys('t')).model;
  const text = [
    'worker 3 (pid 21411): its event loop is blocked for 8.4 s',
    '  at renderReport (/srv/catserve/report.js:88:5)',
    '  at handle (/srv/catserve/server.js:12:3)',
    '  at Server.emit (node:events:524:28)',
  ].join('\n');
  const later = [61, 62].map((second) => instanceAt(second * 1000 + 1, busyShop(second, TOLD)));
  return play(asked, [...answer(1, text), ...later, tick(62_401)]).model;
}

/** A worker of a real uWSGI that serves a request. */
export function uwsgiDetail(width: number, height: number): Model {
  const opened = [
    ...[tick(1), instanceAt(1, uwsgiInstance()), instanceAt(1001, uwsgiInstance()), tick(1300)],
    ...keys('down', 'down', 'enter'),
  ];
  return play(start(width, height), opened).model;
}

/** The shop after worker 3 got another process. */
export function replacedAt(second: number): Message {
  const process = { pid: 30_122, last_spawn: NOW + second - 1, respawn_count: 3 };
  return instanceAt(second * 1000 + 1, busyShop(second, { ...TOLD, ...process, stalled_ms: 0 }));
}
