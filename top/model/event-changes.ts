import type { DecodedInstance, DecodedWorker } from '../../shared/stats.js';
import { configChanges } from './config-changes.js';
import { eventAt, plural, type Report, type Told } from './event-source.js';
import type { HappenedEvent } from './events.js';
import { byId, sameBoot } from './rates.js';
import { lastOf } from './remember.js';
import { conditionsOf } from './worker-state.js';

/**
 * What happened between two documents of one server. Keys name the fact where it has a name; what
 * is only a change from one document to the next is named by the moment it was seen.
 */
export function changesBetween(later: Report, earlier: Report): HappenedEvent[] {
  const told = sameBoot(later.instance, earlier.instance)
    ? [
        ...harakiriCounts(later, earlier),
        ...processChanges(later, earlier),
        ...reloadBegun(later, earlier),
        ...upgradeBegun(later, earlier),
        ...queueChanges(later, earlier),
        ...scaleChanges(later, earlier),
        ...pauseChanges(later, earlier),
      ]
    : [masterChanged(later, earlier)];
  return [...told, ...configChanges(later, earlier)].map((one) => eventAt(later, one));
}

/** Which workers another document is about, beside those that are as they were. */
interface Compared {
  /** Those that differ in anything: most of many are the very objects that stood in the one before. */
  readonly pairs: readonly Pair[];
  /** Those under an id that was not there: a new configuration has more, and uWSGI's had id 0. */
  readonly added: readonly DecodedWorker[];
}

/** Compares workers by their ids. uWSGI's never spawned workers, all with id 0, are left out. */
const compared = lastOf((later: DecodedInstance, earlier: DecodedInstance): Compared => {
  const known = byId(earlier);
  const pairs: Pair[] = [];
  const added: DecodedWorker[] = [];
  for (const now of later.workers) {
    const before = known.get(now.id);
    if (before === undefined) added.push(now);
    else if (before !== now) pairs.push([now, before]);
  }
  return { pairs, added };
});

type Pair = readonly [now: DecodedWorker, before: DecodedWorker];

function masterChanged({ instance, at }: Report, earlier: Report): Told {
  const was = earlier.instance.pid;
  const now = instance.pid;
  const pids = was === undefined || now === undefined ? '' : ` (pid ${was}, now ${now})`;
  return {
    key: `master/${instance.boot_id ?? ''}/${now ?? ''}/${at}`,
    kind: 'master',
    time: instance.start_time ?? 0,
    text: `another master answers${pids}: its counters begin again`,
    details: [
      ['pid before', was === undefined ? '–' : String(was)],
      ['pid now', now === undefined ? '–' : String(now)],
      ['version', instance.version ?? '–'],
      ['workers', String(instance.workers.length)],
    ],
  };
}

/** uWSGI keeps its master over a reload, which shows only in all that begins again. */
function reloadedUwsgi(
  changed: readonly (readonly [DecodedWorker, DecodedWorker])[],
  running: number,
): boolean {
  return (
    changed.length > 0 &&
    changed.length === running &&
    changed.every(([now, before]) => (now.respawn_count ?? 0) <= (before.respawn_count ?? 0)) &&
    changed.every(([now]) => now.respawn_count !== undefined)
  );
}

/** How many workers run of those that were there before. */
function running({ instance }: Report, earlier: Report): number {
  const known = byId(earlier.instance);
  return instance.workers.filter(({ id, pid }) => pid > 0 && known.get(id) !== undefined).length;
}

function processChanges(later: Report, earlier: Report): Told[] {
  const ours = later.instance.boot_id !== undefined;
  const { pairs, added } = compared(later.instance, earlier.instance);
  const changed = pairs.filter(
    ([now, before]) =>
      now.pid > 0 && (now.pid !== before.pid || now.last_spawn !== before.last_spawn),
  );
  const reloaded = !ours && reloadedUwsgi(changed, running(later, earlier));
  const spawned = [
    // Without a record of the end, the new process is all that tells of it.
    ...changed.map(([now, { pid }]) => spawn(later, now, { pid, isEnd: !ours && !reloaded })),
    ...added.filter(({ id, pid }) => id > 0 && pid > 0).map((now) => spawn(later, now, NOBODY)),
  ];
  const first = changed[0]?.[0];
  if (!reloaded || first === undefined) return spawned;
  const reload: Told = {
    key: `uwsgi-reload/${first.pid}/${first.last_spawn ?? later.at}`,
    kind: 'reload',
    time: first.last_spawn ?? 0,
    text: `uWSGI reloaded: ${plural(changed.length, 'worker')} replaced, counters begin again`,
  };
  return [reload, ...spawned];
}

/** Who had the place of a new process: no pid for nobody. */
interface Place {
  readonly pid: number;
  /** Whether the new process is what tells of its end. */
  readonly isEnd: boolean;
}

const NOBODY: Place = { pid: 0, isEnd: false };

function spawn(later: Report, now: DecodedWorker, before: Place): Told {
  const was = before.pid > 0 ? ` in the place of ${before.pid}` : '';
  return {
    key: `spawn/${now.id}/${now.pid}/${now.last_spawn ?? later.at}`,
    kind: before.isEnd && before.pid > 0 ? 'respawn' : 'spawn',
    time: now.last_spawn ?? 0,
    worker: now.id,
    text: `worker ${now.id} runs as pid ${now.pid}${was}`,
    details: [
      ['worker', String(now.id)],
      ['pid', String(now.pid)],
      ['pid before', before.pid > 0 ? String(before.pid) : '–'],
      ['spawns so far', now.respawn_count === undefined ? '–' : String(now.respawn_count)],
    ],
  };
}

/** For servers that count them and keep no records: such a request ends its process. */
function harakiriCounts(later: Report, earlier: Report): Told[] {
  if (later.instance.harakiris !== undefined) return [];
  return compared(later.instance, earlier.instance).pairs.flatMap(([now, before]) => {
    const count = now.harakiri_count ?? 0;
    const more = count - (before.harakiri_count ?? count);
    if (!(more > 0)) return [];
    const text = `worker ${now.id} (pid ${before.pid}): ${plural(more, 'request')} took too long`;
    return [
      {
        key: `harakiri-count/${now.id}/${before.pid}/${count}`,
        kind: 'harakiri' as const,
        time: now.pid === before.pid ? 0 : (now.last_spawn ?? 0),
        worker: now.id,
        text,
        details: [
          ['worker', String(now.id)],
          ['pid', String(before.pid)],
          ['harakiri', `${count} in all`],
        ] as const,
        bad: true,
      },
    ];
  });
}

function reloadBegun(later: Report, earlier: Report): Told[] {
  const { reload } = later.instance;
  const before = earlier.instance.reload;
  if (reload?.state !== 'running' || before === undefined || before.state === 'running') return [];
  return [
    {
      key: `reload-begun/${later.instance.boot_id ?? ''}/${before.ended_at}/${later.at}`,
      kind: 'reload',
      text: `a reload of ${plural(reload.total, 'worker')} began`,
    },
  ];
}

function upgradeBegun(later: Report, earlier: Report): Told[] {
  const { upgrade } = later.instance;
  const before = earlier.instance.upgrade;
  if (upgrade?.state !== 'running' || before === undefined || before.state === 'running') return [];
  return [
    {
      key: `upgrade-begun/${later.instance.boot_id ?? ''}/${before.ended_at}/${later.at}`,
      kind: 'upgrade',
      text: 'a new master is starting',
    },
  ];
}

/** Sockets whose accept queue is full: further connections wait outside, or are refused. */
function fullSockets({ sockets = [] }: DecodedInstance): Map<string, number> {
  const full = sockets.filter(({ queue, max_queue: most }) => most > 0 && queue >= most);
  return new Map(full.map(({ name, max_queue: most }) => [name, most]));
}

function queueChanges(later: Report, earlier: Report): Told[] {
  const now = fullSockets(later.instance);
  const before = fullSockets(earlier.instance);
  const filled = [...now].filter(([name]) => !before.has(name));
  const drained = [...before].filter(([name]) => !now.has(name));
  const errors = later.instance.listen_queue_errors ?? 0;
  const more = errors - (earlier.instance.listen_queue_errors ?? errors);
  return [
    ...filled.map(([name, most]): Told => ({
      key: `queue-full/${name}/${later.at}`,
      kind: 'queue',
      text: `the listen queue of ${name} is full: ${plural(most, 'connection')} wait`,
      bad: true,
    })),
    ...drained.map(([name]): Told => ({
      key: `queue-free/${name}/${later.at}`,
      kind: 'queue',
      text: `the listen queue of ${name} is no longer full`,
    })),
    ...(more > 0
      ? [
          {
            key: `queue-errors/${errors}/${later.at}`,
            kind: 'queue' as const,
            text: `the listen queue overflowed ${plural(more, 'time')}, ${errors} in all`,
            bad: true,
          },
        ]
      : []),
  ];
}

/** How many workers are wanted now. */
const wanted = lastOf(
  ({ workers }: DecodedInstance) =>
    conditionsOf(workers).filter(({ kind }) => kind !== 'cheap').length,
);

function scaleChanges(later: Report, earlier: Report): Told[] {
  // What came last was asked for last.
  const before = wanted(earlier.instance);
  const now = wanted(later.instance);
  if (now === before || later.instance.workers.length !== earlier.instance.workers.length) {
    return [];
  }
  const more = now > before;
  return [
    {
      key: `scale/${now}/${later.at}`,
      kind: 'scale',
      text: `${more ? 'scaled up' : 'scaled down'} from ${before} to ${plural(now, 'worker')}`,
    },
  ];
}

const paused = lastOf(({ workers }: DecodedInstance) =>
  conditionsOf(workers).some(({ kind }) => kind === 'pause'),
);

function pauseChanges(later: Report, earlier: Report): Told[] {
  const before = paused(earlier.instance);
  const now = paused(later.instance);
  if (now === before) return [];
  return [
    {
      key: `pause/${later.at}`,
      kind: 'pause',
      text: now ? 'paused: no worker accepts connections' : 'resumed: workers accept again',
    },
  ];
}
