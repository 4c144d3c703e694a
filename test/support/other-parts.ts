import { decodeDocument } from '../../shared/decode-stats.js';
import type { DecodedDocument, DecodedInstance } from '../../shared/stats.js';
import type { Model } from '../../top/model/model.js';
import { arrival, busyModel, keys, play, start, tick } from './dashboard.js';
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
