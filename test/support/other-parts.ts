import { decodeDocument } from '../../shared/decode-stats.js';
import type { DecodedDocument, DecodedInstance, StatsDocument } from '../../shared/stats.js';
import type { Model } from '../../top/model/model.js';
import { arrival, busyModel, keys, play, start, tick } from './dashboard.js';
import { instance, NOW, router } from './stats-builder.js';
import { readCapture } from './uwsgi-captures.js';

/** The instance of a capture of a real uWSGI. */
export function captured(name: string): DecodedInstance {
  const decoded = decodeDocument(readCapture(name));
  if (!decoded.ok || decoded.value.kind !== 'instance') throw new Error(`${name} is no instance`);
  return decoded.value.instance;
}

/** A real uWSGI with everything that the captures have one by one, and a cron and a lock at work. */
export function richUwsgi(): DecodedInstance {
  const { caches = [], ...cached } = captured('31-cache2.json');
  const { spoolers = [] } = captured('21-spooler-running.json');
  const { crons = [], daemons = [] } = captured('33-signals-mules-crons-daemons-after.json');
  const { legions = [] } = captured('34-legion.json');
  const running = { minute: -5, hour: 3, pid: 7700, command: '/usr/bin/vacuum --all', unique: 1 };
  return {
    ...cached,
    ...{ caches, spoolers, daemons, legions },
    crons: [...crons, ...crons.map((cron) => ({ ...cron, ...running }))],
    locks: [...(cached.locks ?? []), { 'user 1': 7339 }],
  };
}

/** The view of sockets and others, of a document. */
export function othersOf(document: DecodedDocument, width: number, height: number): Model {
  const messages = [tick(1), arrival(1, document), tick(300), ...keys('6')];
  return play(start(width, height), messages).model;
}

/** The same of a real uWSGI. */
export function othersModel(width: number, height: number): Model {
  return othersOf({ kind: 'instance', instance: richUwsgi(), damaged: false }, width, height);
}

/** The same of a uWSGI Emperor. */
export function emperorOthers(width: number, height: number): Model {
  const decoded = decodeDocument(readCapture('81-emperor-stats.json'));
  if (!decoded.ok) throw new Error(decoded.error.message);
  return othersOf(decoded.value, width, height);
}

/** The same of tsuwsgi. */
export function ourOthers(width: number, height: number): Model {
  return play(busyModel(width, height, { seconds: 2 }), keys('6')).model;
}

/** Routers alone before two foreign back ends, one of them down, with certificates of every kind. */
export function frontDocument(): StatsDocument {
  const figures = { in_flight: 4, requests: 80_210, errors: 0 };
  return instance([], {
    routers: [
      router(1, {
        ...{ requests: 123_456, in_flight: 7, queued: 3, connections: 42, upgraded: 5 },
        ...{ rx: 81_000_000, tx: 1_250_000_000, retries: 17, aborted: 8, static_requests: 20_003 },
        refused: { duplicate_host: 3, malformed: 91, body_too_large: 2 },
        answered: { 502: 4, 503: 12, 507: 1 },
        backends: [
          { address: 'uwsgi:///run/catserve/catserve.sock', state: 'up', ...figures },
          {
            ...{ address: 'http://cats-2.internal.example:8080', state: 'down' },
            ...{ in_flight: 0, requests: 23_020, errors: 212 },
          },
        ],
      }),
      router(2, {
        requests: 98_000,
        backends: [
          { address: 'uwsgi:///run/catserve/catserve.sock', state: 'up', ...figures },
          { address: 'http://cats-2.internal.example:8080', state: 'trying', ...figures },
        ],
      }),
    ],
    certificates: [
      {
        ...{ address: '0.0.0.0:8443', file: '/etc/tls/cats.pem' },
        ...{ names: ['cats.example', '*.cats.example'], not_after: NOW + 60 * 86_400 },
      },
      {
        ...{ address: '0.0.0.0:8443', file: '/etc/tls/dogs.pem' },
        ...{ names: ['dogs.example'], not_after: NOW + 3 * 86_400 },
      },
      { address: '[::1]:8443', file: '/etc/tls/old.pem', names: [], not_after: NOW - 86_400 },
    ],
  });
}

/** The same as a view. */
export function frontOthers(width: number, height: number): Model {
  const shop: DecodedInstance = frontDocument();
  return othersOf({ kind: 'instance', instance: shop, damaged: false }, width, height);
}
