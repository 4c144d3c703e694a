import type { OptionRow } from '../../shared/options.js';
import { HARAKIRI_OPTIONS } from './rows/harakiri.js';
import { RECYCLING_OPTIONS } from './rows/recycling.js';
import { SCALING_OPTIONS } from './rows/scaling.js';
import { type Options, OPTIONS } from './table.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

/** Routers that give no sign of life are found by it, too. */
const OF_ROUTERS_TOO: ReadonlySet<string> = new Set(['worker-stall']);

/** What is about workers, besides those options that are refused where there are none. */
const OF_WORKERS: ReadonlySet<string> = new Set(
  [
    ...[...HARAKIRI_OPTIONS, ...RECYCLING_OPTIONS, ...SCALING_OPTIONS].map(({ name }) => name),
    ...['async', 'young-generation', 'need-app', 'wait-ready', 'boot-timeout', 'auto-reload'],
    ...['buffer-size', 'max-vars', 'snapshot-dir', 'snapshot-dir-size'],
  ].filter((name) => !OF_ROUTERS_TOO.has(name)),
);

/** Whether routers are all there is: they ask others, and there is no application. */
export function isRoutersOnly(options: Options): boolean {
  return options['http-to'].length > 0 && options.module === undefined;
}

/** What makes no sense where there are no workers, as it was written; null: nothing was. */
export function ofWorkers({ processes, cheaper }: Options): string | null {
  if (cheaper !== undefined) return `--cheaper ${cheaper}`;
  // One is what it is without being told.
  return processes > 1 ? `--processes ${processes}` : null;
}

/** What the options say of back ends must agree with the rest. */
export function backendProblem(options: Options): Problem | null {
  const [backend] = options['http-to'];
  if (backend === undefined) return null;
  if (options.http.length + options.https.length === 0) {
    return TOGETHER_PROBLEMS.backendNoRouter(backend);
  }
  const [own] = [...options['http-socket'], ...options.socket];
  if (options.module !== undefined && own === undefined) {
    return TOGETHER_PROBLEMS.backendModule(options.module);
  }
  if (options.module === undefined && own !== undefined) {
    return TOGETHER_PROBLEMS.backendSockets(own);
  }
  const idle = ofWorkers(options);
  if (options.module === undefined && idle !== null) {
    return TOGETHER_PROBLEMS.backendWorkers(idle);
  }
  return null;
}

/** What was asked for and does nothing where routers are all there is, as one note for the log. */
export function idleNote(options: Options): string | null {
  if (!isRoutersOnly(options)) return null;
  return idleWorkerOptions(options, 'with --http-to and without --module there are none');
}

/** Names what was asked for and is about workers only, but for `heeded`; `why` ends the sentence. */
export function idleWorkerOptions(
  options: Options,
  why: string,
  heeded: readonly string[] = [],
): string | null {
  const rows: readonly OptionRow[] = OPTIONS;
  const idle = rows.filter(
    (row) => OF_WORKERS.has(row.name) && !heeded.includes(row.name) && isAsked(row, options),
  );
  if (idle.length === 0) return null;
  const names = idle.map(({ name }) => `--${name}`).join(', ');
  const say = idle.length === 1 ? 'does nothing here: it is' : 'do nothing here: they are';
  return `${names} ${say} for workers, and ${why}`;
}

/** Whether an option has another value than it has without being told. */
function isAsked({ name, default: usual }: OptionRow, options: Options): boolean {
  const value = options[name as keyof Options];
  return Array.isArray(value) ? value.length > 0 : value !== false && value !== usual;
}
