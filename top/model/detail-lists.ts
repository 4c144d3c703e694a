import type { UwsgiCore } from '../../shared/stats.js';
import { duration, grouped } from '../../shared/units.js';
import { type Block, type Row, UNKNOWN, words } from './block.js';
import type { EventKind, HappenedEvent } from './events.js';
import type { Stack } from './list-states.js';
import type { WorkerRow } from './rows.js';
import { sanitizeShort } from './sanitize.js';

/** From this age on, in seconds, a request in flight is worth a look. */
const OLD = 10;
/** Fewer would not fill a screen, more would hide what stands below them. */
const ENDS = 12;
const CORES = 256;
const APPS = 64;
/** The last lines of what a dead process wrote. */
const LAST_WORDS = 4;

const seconds = (value: number): string =>
  value < 9.95 ? `${Math.max(0, value).toFixed(1)}s` : duration(value);

/** What it was doing when it was asked; none before it was. */
export function stackBlock(stack: Stack | null, now: number): Block[] {
  if (stack === null) return [];
  const age = duration((now - stack.at) / 1000);
  const { pid } = stack.of;
  if (stack.state === 'asked') {
    return [{ title: `STACK of pid ${pid}: asked ${age} ago`, labels: 0, rows: [] }];
  }
  const told = stack.state === 'told';
  const rows = stack.lines.map((line) => words('', line, told ? 'normal' : 'attention'));
  const title = told ? `STACK of pid ${pid}, ${age} old` : `NO STACK of pid ${pid}`;
  return [{ title, labels: 0, rows }];
}

/** The requests in flight, oldest first. */
export function requestsBlock({ requests, worker }: WorkerRow): Block {
  const title = 'REQUESTS IN FLIGHT, OLDEST FIRST';
  if (requests.length === 0) {
    const text =
      worker.cores === undefined ? 'this server does not list them' : 'nothing is in flight';
    return { title, labels: 0, rows: [words('', text, 'dim')] };
  }
  const rows = requests.map(({ age, method, uri, peer }): Row => {
    const from = peer === '' ? '' : `  from ${peer}`;
    const since = age === null ? UNKNOWN : seconds(age);
    return words(since.padStart(6), `${method} ${uri}${from}`, isOld(age) ? 'attention' : 'normal');
  });
  return { title, labels: 6, rows };
}

const isOld = (age: number | null): boolean => (age ?? 0) >= OLD;

const ENDINGS: ReadonlySet<EventKind> = new Set(['death', 'exit', 'harakiri']);

/** How its processes ended, newest first, and what the newest wrote last. */
export function endsBlock(
  { worker }: WorkerRow,
  events: readonly HappenedEvent[],
  time: number | null,
): Block {
  const ends = events
    .filter((event) => event.worker === worker.id && ENDINGS.has(event.kind))
    .slice(-ENDS)
    .reverse();
  const rows = ends.flatMap((event, index): Row[] => {
    const ago = time === null ? UNKNOWN : duration(Math.max(0, time - event.time));
    const text = event.text.replace(/^worker \d+ /, '');
    return [
      words(ago.padStart(6), text, event.bad ? 'alarm' : 'normal'),
      ...(index === 0 ? lastWords(worker.last_exit?.stderr ?? []) : []),
    ];
  });
  const none = [words('', 'none since this was opened', 'dim')];
  return { title: 'LAST EXITS', labels: 6, rows: rows.length === 0 ? none : rows };
}

function lastWords(stderr: readonly string[]): Row[] {
  return stderr.slice(-LAST_WORDS).map((line) => words('', sanitizeShort(line, 400), 'dim'));
}

/** Its places for a request, with their counts; none where the server does not list them. */
export function coresBlock({ worker }: WorkerRow): Block[] {
  const { cores } = worker;
  if (cores === undefined || cores.length === 0) return [];
  const shown = cores.slice(0, CORES).map((core) => words(`:${core.id}`, coreText(core)));
  const rest = cores.length - shown.length;
  const rows = rest > 0 ? [...shown, words('', `${rest} more`, 'dim')] : shown;
  return [{ title: 'CORES', labels: 6, rows }];
}

function coreText(core: UwsgiCore): string {
  const counts: readonly (readonly [string, number])[] = [
    ['static', core.static_requests],
    ['routed', core.routed_requests],
    ['offloaded', core.offloaded_requests],
    ['read errors', core.read_errors],
    ['write errors', core.write_errors],
  ];
  const more = counts
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `, ${grouped(count)} ${name}`);
  const busy = core.in_request === 0 ? '' : ', in request';
  return `${grouped(core.requests)} requests${more.join('')}${busy}`;
}

/** The applications as it loaded them; none where the server tells of none. */
export function appsBlock({ worker }: WorkerRow): Block[] {
  const { apps = [] } = worker;
  if (apps.length === 0) return [];
  const rows = apps.slice(0, APPS).map((app) => {
    const mount = sanitizeShort(app.mountpoint, 60);
    const where = mount === '' ? '/' : mount;
    const failed = app.exceptions > 0 ? `, ${grouped(app.exceptions)} exceptions` : '';
    const start = `loaded in ${grouped(app.startup_time)} s`;
    return words(`${app.id}`, `${where}  ${grouped(app.requests)} requests${failed}, ${start}`);
  });
  return [{ title: 'APPLICATIONS', labels: 6, rows }];
}
