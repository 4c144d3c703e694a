import type { ConfigStats, DecodedInstance, EventRecord } from '../../shared/stats.js';
import type { Model } from '../../top/model/model.js';
import { busyModel, busyShop, instanceAt, play, tick } from './dashboard.js';
import { NOW } from './stats-builder.js';

/** A shop whose configuration was read again three times: taken, taken in part, and refused. */

const CHANGED = ['processes: 8 → 12', 'harakiri: 30 → 20'];
const PENDING = ['http: :8000 → :9000', 'name: catserve → cats'];
const PROBLEMS = [
  '/etc/tsuwsgi/catserve.ini:14: proceses: there is no such option; did you mean processes?',
  '/etc/tsuwsgi/catserve.ini:17: harakiri: "soon" is no number of seconds, write 30 or 1m',
];
const WAITS = 'takes an upgrade (SIGUSR2) or a restart';

function record(at: number, kind: string, text: string): EventRecord {
  return { time: NOW + at, kind, subject: 'configuration', text };
}

const RECORDS = [
  record(32, 'config-changed', CHANGED.join('; ')),
  record(45, 'config-pending', `${PENDING.join('; ')} · ${WAITS}`),
  record(58, 'config-refused', `refused: ${PROBLEMS[0]} · 1 more`),
];

function shopAt(second: number): DecodedInstance {
  const told = NOW + second;
  const config: ConfigStats = {
    ...{ files: ['/etc/tsuwsgi/catserve.ini'], read_at: NOW, taken_at: NOW },
    changed: second < 32 ? [] : CHANGED,
    pending: second < 45 ? [] : PENDING,
    problems: second < 58 ? [] : PROBLEMS,
  };
  const events = RECORDS.filter(({ time }) => time <= told);
  return { ...busyShop(second), boot_id: 'boot-1', config, events };
}

/** As the dashboard knows it `until` so many seconds: from 45 on something waits, from 58 on it is refused. */
export function configModel(width: number, height: number, until: number, ascii = false): Model {
  const before = busyModel(width, height, { ascii, seconds: 30 });
  const seconds = Array.from({ length: until - 30 }, (_, index) => 31 + index);
  const documents = seconds.map((second) => instanceAt(second * 1000 + 1, shopAt(second)));
  return play(before, [...documents, tick(until * 1000 + 401)]).model;
}
