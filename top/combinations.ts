import { type FormatName, FORMATS } from './view/formats.js';
import { COMPARISON_FORMATS } from './view/snapshot-comparison/formats.js';

/** What the rules below look at. */
export type Given = Readonly<
  Record<
    | 'once'
    | 'json'
    | 'traceback'
    | 'memory-report'
    | 'now'
    | 'compare-snapshots'
    | 'all'
    | FormatName,
    boolean
  >
> & {
  readonly count: number | undefined;
  readonly columns: string | undefined;
  readonly sort: string | undefined;
  readonly record: string | undefined;
  readonly replay: string | undefined;
  readonly speed: number;
  readonly fifo: string | undefined;
  readonly targets: string | undefined;
  readonly window: string | undefined;
  readonly format: string | undefined;
};

/** How the program shows what it reads. */
export type Mode =
  'screen' | 'once' | 'json' | 'traceback' | 'memory-report' | 'compare-snapshots' | FormatName;

/** The mode that was asked for. */
export function modeOf(given: Given): Mode {
  if (given.traceback) return 'traceback';
  if (given['memory-report']) return 'memory-report';
  if (given['compare-snapshots']) return 'compare-snapshots';
  if (given.json) return 'json';
  return FORMATS.find((name) => given[name]) ?? (given.once ? 'once' : 'screen');
}

/** Two options that do not go together, or one that needs another: null when all is well. */
type Rule = (given: Given, mode: Mode) => string | null;

/** What prints a table, of which columns can be chosen and sorted. */
const TABLES: ReadonlySet<Mode> = new Set(['screen', 'once', 'batch', 'csv']);

const WAYS = [
  ...(['once', 'json', 'traceback', 'memory-report', 'compare-snapshots'] as const),
  ...FORMATS,
];

const RULES: readonly Rule[] = [
  (given) => {
    // --once --json has always meant --json.
    const names = WAYS.filter((name) => given[name] && (name !== 'once' || !given.json));
    return names.length < 2 ? null : `${listed(names)}: choose one of them`;
  },
  ({ count }, mode) =>
    count === undefined || FORMATS.some((name) => name === mode)
      ? null
      : `--count ${count} is for ${listed(FORMATS)}: add one of them`,
  ({ columns }, mode) => (columns === undefined ? null : needsTable('columns', mode)),
  ({ sort }, mode) => (sort === undefined ? null : needsTable('sort', mode)),
  ({ columns = '' }, mode) =>
    mode !== 'screen' && /\bspark\b/i.test(columns)
      ? '--columns: spark is drawn on the full screen only, leave it out'
      : null,
  ({ record, replay }) =>
    record === undefined || replay === undefined
      ? null
      : '--record and --replay: a recording is copied with cp, leave out one of them',
  ({ traceback, record, replay }) =>
    traceback && (record !== undefined || replay !== undefined)
      ? '--traceback asks a server and reads no document: leave out --record and --replay'
      : null,
  (given) => {
    if (given['memory-report']) return null;
    const without = [
      given.window === undefined ? null : `--window ${given.window}`,
      given.now ? '--now' : null,
    ].find((option) => option !== null);
    return without === undefined ? null : `${without} is for --memory-report: add that`;
  },
  ({ format }, mode) => {
    if (format === undefined || mode === 'memory-report') return null;
    if (mode !== 'compare-snapshots') {
      return `--format ${format} is for --memory-report: add that, or --compare-snapshots`;
    }
    return COMPARISON_FORMATS.some((name) => name === format)
      ? null
      : `--format ${format} is for --memory-report: a comparison is ${COMPARISON_FORMATS.join(', ')}`;
  },
  ({ all }, mode) =>
    all && mode !== 'compare-snapshots' ? '--all is for --compare-snapshots: add that' : null,
  (given) => {
    if (!given['compare-snapshots']) return null;
    const servers = (['record', 'replay', 'fifo', 'targets'] as const).find(
      (name) => given[name] !== undefined,
    );
    return servers === undefined
      ? null
      : `--compare-snapshots reads two files and no server: leave out --${servers}`;
  },
  ({ record, ...given }) =>
    given['memory-report'] && record !== undefined
      ? `--record ${record} records what is watched, and --memory-report asks for a history: leave out one of them`
      : null,
  (given) => {
    if (given.targets === undefined) return null;
    return given.replay === undefined
      ? fleetProblem(given)
      : '--replay reads a file, not servers: leave out --targets';
  },
  ({ fifo, replay }) =>
    fifo !== undefined && replay !== undefined
      ? '--fifo steers a server that runs, not a recording: leave it out'
      : null,
  ({ speed, replay }) =>
    speed === 1 || replay !== undefined
      ? null
      : `--speed ${speed} is how fast --replay FILE goes: add that, or see --frequency`,
];

/** Why several servers cannot be watched so, in one sentence; null when they can. */
export function fleetProblem(given: Given): string | null {
  const mode = modeOf(given);
  if (mode !== 'screen') return `--${mode} reads one server: give one address, and no --targets`;
  if (given.fifo !== undefined) {
    return `--fifo ${given.fifo} belongs to one server: give one address, and no --targets`;
  }
  return given.record === undefined
    ? null
    : `--record ${given.record} records one server: give one address, and no --targets`;
}

function needsTable(option: string, mode: Mode): string | null {
  return TABLES.has(mode)
    ? null
    : `--${option} is for tables, and --${mode} prints none: leave it out`;
}

/** Options that do not go together, a sentence each. */
export function combinationProblems(given: Given): string[] {
  const mode = modeOf(given);
  return RULES.map((rule) => rule(given, mode)).filter((problem) => problem !== null);
}

function listed(names: readonly string[]): string {
  return names.map((name) => `--${name}`).join(', ');
}
