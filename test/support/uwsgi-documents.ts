import type { DecodedEmperor, DecodedInstance, DecodedWorker } from '../../shared/stats.js';
import { busyCore, idleCore, NOW } from './stats-builder.js';

/** A worker as uWSGI 2.0 shows it: none of our fields. */
export function uwsgiWorker(id: number, change: Partial<DecodedWorker> = {}): DecodedWorker {
  return {
    id,
    pid: 11_572 + id,
    accepting: 1,
    requests: 4,
    delta_requests: 4,
    exceptions: 0,
    harakiri_count: 0,
    signals: 0,
    signal_queue: 0,
    status: 'idle',
    rss: 11_939_840,
    vsz: 62_541_824,
    running_time: 869,
    last_spawn: NOW - 3,
    respawn_count: 1,
    tx: 204,
    avg_rt: 163,
    apps: [],
    cores: [idleCore(0)],
    ...change,
  };
}

/** A uWSGI 2.0.21 with cheaper: one busy, one in a signal handler, two never spawned (both id 0). */
export function uwsgiInstance(change: Partial<DecodedInstance> = {}): DecodedInstance {
  const never: Partial<DecodedWorker> = {
    pid: 0,
    status: 'cheap',
    requests: 0,
    rss: 0,
    vsz: 0,
    tx: 0,
    avg_rt: 0,
    running_time: 0,
    respawn_count: 0,
    last_spawn: 0,
    accepting: 1,
    cores: [],
  };
  return {
    version: '2.0.21-debian',
    listen_queue: 4,
    listen_queue_errors: 0,
    signal_queue: 0,
    load: 4,
    pid: 11_551,
    uid: 0,
    gid: 0,
    cwd: '/srv/app',
    locks: [],
    sockets: [
      {
        name: '127.0.0.1:34647',
        proto: 'uwsgi',
        queue: 4,
        max_queue: 100,
        shared: 0,
        can_offload: 0,
      },
    ],
    workers: [
      uwsgiWorker(1),
      uwsgiWorker(2, { status: 'busy', rss: 0, cores: [busyCore(0, 'GET', '/slow?s=4', 3)] }),
      uwsgiWorker(3, { status: 'sig17' }),
      uwsgiWorker(0, never),
      uwsgiWorker(0, never),
    ],
    ...change,
  };
}

export const EMPEROR: DecodedEmperor = {
  version: '2.0.30',
  pid: 4392,
  emperor: ['/srv/app/vassals'],
  vassals: [
    { id: 'v1.ini', pid: 4393 },
    { id: 'v2.ini', pid: 4525 },
  ],
};
