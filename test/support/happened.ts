import type { DecodedInstance, HarakiriRecord, LastExit } from '../../shared/stats.js';
import type { HappenedEvent } from '../../top/model/events.js';
import type { Model } from '../../top/model/model.js';
import { busyModel, instanceAt, busyShop, play, start, tick } from './dashboard.js';
import { NOW } from './stats-builder.js';

/** The events of a dashboard that got these documents, one a second from `NOW` on. */
export function eventsAfter(...documents: readonly DecodedInstance[]): readonly HappenedEvent[] {
  const arrivals = documents.flatMap((document, second) => [
    tick(second * 1000),
    instanceAt(second * 1000 + 1, document),
  ]);
  return play(start(), arrivals).model.events.events;
}

/** `kind: sentence` of each. */
export const told = (events: readonly HappenedEvent[]): string[] =>
  events.map(({ kind, text }) => `${kind}: ${text}`);

/** The end of a process of worker 3. */
export function exitOf(change: Partial<LastExit> = {}): LastExit {
  return {
    ...{ pid: 21_411, code: 1, signal: null, reason: 'crash', at: NOW - 5 },
    stderr: ['TypeError: cats is undefined', '    at render (/srv/app/render.js:7:3)'],
    ...change,
  };
}

/** Worker 4 blocked by a request, ten seconds ago. */
export function harakiriOf(change: Partial<HarakiriRecord> = {}): HarakiriRecord {
  return {
    ...{ time: NOW - 10.5, worker: 4, pid: 21_412, face: 'blocked', method: 'GET' },
    ...{ uri: '/report?year=2026', age_ms: 30_120, rss: 402 * 1024 * 1024 },
    stack: ['renderReport (report.js:88:5)', 'handle (server.js:12:3)'],
    ...{ listen_queue: 3, queue_depth: 2, others_in_flight: 11 },
    ...change,
  };
}

/** A shop in which much has happened while it was watched, and before. */
export function eventfulModel(width: number, height: number, ascii = false): Model {
  const before = busyModel(width, height, { ascii, seconds: 30 });
  const crashed = { pid: 30_122, respawn_count: 2, last_spawn: NOW + 36 };
  const exit = exitOf({ at: NOW + 35 });
  const documents = Array.from({ length: 31 }, (_, index) => {
    const second = 31 + index;
    const shop = busyShop(second, second < 36 ? {} : { ...crashed, last_exit: exit });
    const running = { state: 'running', replaced: 1, total: 11, reason: '', ended_at: NOW - 3600 };
    const done = { state: 'done', replaced: 11, total: 11, reason: '', ended_at: NOW + 48 };
    return instanceAt(second * 1000 + 1, {
      ...shop,
      harakiris: [
        harakiriOf({ time: NOW - 90_000, uri: '/yesterday' }),
        ...(second < 42 ? [] : [harakiriOf({ time: NOW + 41.5 })]),
      ],
      ...(second >= 45 ? { reload: (second < 48 ? running : done) as typeof shop.reload } : {}),
    });
  });
  return play(before, [...documents, tick(61_401)]).model;
}
