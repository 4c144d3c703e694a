import type { DecodedInstance } from '../../shared/stats.js';
import { duration } from '../../shared/units.js';
import { strayConfig } from './config-diagnosis.js';
import { documentTime } from './currency.js';
import type { Finding } from './finding.js';
import { type Model } from './model.js';
import { deadQueue, failedTasks, pausedQueue } from './queue-diagnosis.js';
import { lastOf } from './remember.js';
import { lastExitText, type WorkerRow } from './rows.js';
import { sanitizeShort } from './sanitize.js';
import { allRows, instanceOf } from './table-state.js';
import { isServing, type WorkerKind } from './worker-state.js';

/** A start longer than this is worth a word, in seconds. */
const LONG_START = 10;
/** A request older than this is worth a word, in seconds. */
const OLD_REQUEST = 30;

interface Scene {
  readonly instance: DecodedInstance;
  readonly rows: readonly WorkerRow[];
  /** What any of the workers is up to: most rules look for what is not there. */
  readonly kinds: ReadonlySet<WorkerKind>;
  readonly now: number | null;
}

type Rule = (scene: Scene) => Finding | null;

/** Seconds with a decimal while it matters: `8.4 s`, `34 s`, `5m12s`. */
function spell(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 60 ? `${Math.floor(seconds)} s` : duration(seconds);
}

/** Room for the sentence on a terminal of 20 columns, after the sign. */
const BRIEF = 18;

function brief(worker: number, what: string): string {
  const long = `worker ${worker} ${what}`;
  return long.length <= BRIEF ? long : `w${worker} ${what}`;
}

function others(count: number): string {
  return count === 0 ? '' : ` · ${count} more like it`;
}

const stuck: Rule = ({ rows, kinds }) => {
  if (!kinds.has('stuck')) return null;
  const found = rows
    .filter(({ condition }) => condition.kind === 'stuck')
    .sort((a, b) => (b.worker.stalled_ms ?? 0) - (a.worker.stalled_ms ?? 0));
  const [worst] = found;
  if (worst === undefined) return null;
  const time = spell((worst.worker.stalled_ms ?? 0) / 1000);
  const oldest = worst.requests[0];
  const where = oldest === undefined ? '' : ` in ${oldest.method} ${oldest.uri}`;
  const waiting = (worst.inFlight ?? 0) - 1;
  const held = waiting > 0 ? ` · ${waiting} wait behind it` : '';
  return {
    severity: 'alarm',
    text: `worker ${worst.worker.id} blocked ${time}${where}${held}${others(found.length - 1)}`,
    short: brief(worst.worker.id, `stuck ${duration((worst.worker.stalled_ms ?? 0) / 1000)}`),
  };
};

const nobody: Rule = ({ rows }) => {
  if (rows.length === 0 || rows.some(({ worker }) => worker.pid !== 0)) return null;
  if (rows.every(({ condition }) => condition.kind === 'cheap')) return null;
  return { severity: 'alarm', text: 'no worker is running', short: 'no worker runs' };
};

/** ` 2 s more`, for a respawn that is due at `at`; nothing when that is not known. */
function until(at: number | undefined, now: number | null): string {
  return at === undefined || at === 0 || now === null
    ? ''
    : ` ${spell(Math.max(0, at - now))} more`;
}

const backoff: Rule = ({ rows, kinds, now }) => {
  if (!kinds.has('backoff')) return null;
  const found = rows.filter(({ condition }) => condition.kind === 'backoff');
  const [first] = found;
  if (first === undefined) return null;
  const exit = first.worker.last_exit ?? null;
  const ago = exit === null || now === null ? '' : ` ${spell(Math.max(0, now - exit.at))} ago`;
  const why = exit === null ? '' : `: it ended with ${lastExitText(exit)}${ago}`;
  const id = first.worker.id;
  return {
    severity: 'alarm',
    text: `worker ${id} waits${until(first.worker.next_spawn_at, now)} before its respawn${why}${others(found.length - 1)}`,
    short: brief(id, 'backoff'),
  };
};

function busyText(serving: number): string {
  return serving === 1 ? 'the only worker is busy' : `all ${serving} workers are busy`;
}

/** `4 wait to be accepted`, `8 wait in the workers`, or both. */
function whoWaits(listen: number, queued: number): string {
  if (queued === 0) return `${listen} wait to be accepted`;
  if (listen === 0) return `${queued} wait in the workers`;
  return `${listen + queued} wait: ${listen} to be accepted, ${queued} in the workers`;
}

const full: Rule = ({ instance, rows }) => {
  const listen = instance.listen_queue ?? 0;
  const queued = rows.reduce((sum, row) => sum + (row.queue ?? 0), 0);
  const waiting = listen + queued;
  if (waiting === 0) return null;
  const serving = rows.filter(({ worker }) => isServing(worker));
  if (!serving.every(({ condition }) => condition.kind === 'busy')) return null;
  const oldest = serving
    .flatMap(({ requests }) => requests.slice(0, 1))
    .reduce<number | null>((age, request) => Math.max(age ?? 0, request.age ?? 0), null);
  const age = oldest === null || oldest === 0 ? '' : ` · the oldest runs for ${spell(oldest)}`;
  const who = serving.length === 0 ? 'no worker accepts' : busyText(serving.length);
  return {
    severity: 'alarm',
    text: `${who} and ${whoWaits(listen, queued)}${age}`,
    short: `all busy, ${waiting} wait`,
  };
};

const paused: Rule = ({ instance, rows, kinds }) => {
  if (!kinds.has('pause')) return null;
  if (rows.some(({ worker }) => isServing(worker))) return null;
  const waiting = instance.listen_queue ?? 0;
  const held = waiting === 0 ? 'nobody waits' : whoWaits(waiting, 0);
  return {
    severity: 'attention',
    text: `paused: no worker accepts, ${held} · SIGCONT to the master resumes`,
    short: waiting === 0 ? 'paused' : `paused, ${waiting} wait`,
  };
};

const nearlyFull: Rule = ({ instance }) => {
  const tight = (instance.sockets ?? []).find(
    ({ queue, max_queue: limit }) => limit > 0 && queue >= 0.8 * limit,
  );
  if (tight === undefined) return null;
  const share = `${tight.queue} of ${tight.max_queue}`;
  return {
    severity: 'alarm',
    text: `the listen queue of ${sanitizeShort(tight.name, 100)} is nearly full: ${share}`,
    short: `queue ${tight.queue}/${tight.max_queue}`,
  };
};

const slowStart: Rule = ({ rows, kinds }) => {
  if (!kinds.has('start')) return null;
  const found = rows.filter(
    ({ condition, age }) => condition.kind === 'start' && (age ?? 0) > LONG_START,
  );
  const [first] = found;
  if (first === undefined) return null;
  const id = first.worker.id;
  return {
    severity: 'attention',
    text: `worker ${id} has been starting for ${spell(first.age ?? 0)}${others(found.length - 1)}`,
    short: brief(id, 'starting'),
  };
};

/** Which worker's old process has still requests to finish; empty when none has. */
function drainText({ workers }: DecodedInstance): string {
  const open = workers.flatMap(({ id, draining = [] }) => {
    const requests = draining.reduce((sum, old) => sum + old.in_flight, 0);
    return requests > 0 ? [{ id, requests }] : [];
  });
  const [first] = open;
  if (first === undefined) return '';
  const many = `${first.requests} request${first.requests === 1 ? '' : 's'}`;
  return ` · worker ${first.id} drains ${many}${others(open.length - 1)}`;
}

const reload: Rule = ({ instance }) => {
  const state = instance.reload;
  if (state?.state === 'abandoned') {
    const reason = sanitizeShort(state.reason, 300);
    return {
      severity: 'attention',
      text: `reload abandoned: ${reason} · the old workers stay`,
      short: 'reload abandoned',
    };
  }
  if (state?.state !== 'running') return null;
  return {
    severity: 'notice',
    text: `reload: ${state.replaced} of ${state.total} workers replaced${drainText(instance)}`,
    short: `reload ${state.replaced}/${state.total}`,
  };
};

const upgrade: Rule = ({ instance, now }) => {
  const state = instance.upgrade;
  if (state?.state === 'abandoned') {
    const ago = now === null ? '' : ` ${spell(Math.max(0, now - state.ended_at))} ago`;
    return {
      severity: 'attention',
      text: `the new master was abandoned${ago}, this one stays: ${sanitizeShort(state.reason, 300)}`,
      short: 'upgrade abandoned',
    };
  }
  if (state?.state !== 'running') return null;
  return {
    severity: 'notice',
    text: 'a new master is being started: this one serves until its workers are ready',
    short: 'upgrade runs',
  };
};

const draining: Rule = ({ rows, now }) => {
  const first = rows.find(({ worker }) => (worker.draining ?? []).length > 0);
  const old = first?.worker.draining?.[0];
  if (first === undefined || old === undefined) return null;
  const { id } = first.worker;
  const since = now === null ? '' : ` for ${spell(Math.max(0, now - old.since))}`;
  const requests = `${old.in_flight} request${old.in_flight === 1 ? '' : 's'}`;
  return {
    severity: 'notice',
    text: `worker ${id}: the process before it (pid ${old.pid}) has been finishing ${requests}${since}`,
    short: brief(id, 'drains'),
  };
};

const slowRequest: Rule = ({ rows }) => {
  const oldest = (row: WorkerRow): number => row.requests[0]?.age ?? 0;
  const row = rows.reduce<WorkerRow | undefined>(
    (worst, each) => (oldest(each) > (worst === undefined ? 0 : oldest(worst)) ? each : worst),
    undefined,
  );
  const request = row?.requests[0];
  if (row === undefined || request === undefined || oldest(row) < OLD_REQUEST) return null;
  const time = spell(request.age ?? 0);
  return {
    severity: 'attention',
    text: `worker ${row.worker.id} has been at ${request.method} ${request.uri} for ${time}`,
    short: `request ${duration(request.age ?? 0)} old`,
  };
};

const RULES: readonly Rule[] = [
  stuck,
  nobody,
  backoff,
  nearlyFull,
  paused,
  full,
  ({ instance }) => deadQueue(instance),
  reload,
  upgrade,
  slowStart,
  slowRequest,
  ({ instance }) => pausedQueue(instance),
  ({ instance }) => strayConfig(instance),
  draining,
  ({ instance }) => failedTasks(instance),
];

/** The gravest thing to say about the shown instance; null when all is well. */
export function diagnose(model: Model): Finding | null {
  const instance = instanceOf(model);
  if (instance === null) return null;
  const found = firstOf(instance, allRows(model), documentTime(model));
  if (found !== null) return found;
  if (model.shown?.document.damaged !== true) return null;
  return {
    severity: 'notice',
    text: 'the document was damaged: bytes that are not valid text were replaced by "?"',
    short: 'damaged document',
  };
}

/** What the first rule that applies says: a frame tells it in its notices and in its title. */
const firstOf = lastOf(
  (instance: DecodedInstance, rows: Scene['rows'], now: number | null): Finding | null => {
    const kinds = new Set(rows.map(({ condition }) => condition.kind));
    for (const rule of RULES) {
      const found = rule({ instance, rows, kinds, now });
      if (found !== null) return found;
    }
    return null;
  },
);
