import type { Field, Searched } from './query.js';
import { lastExitText, type WorkerRow } from './rows.js';
import { sanitizeShort } from './sanitize.js';
import { SORT_KEYS, type SortId } from './sort-keys.js';

export const BYTES = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 } as const;
export const COUNT = { '': 1, k: 1e3, M: 1e6 } as const;
export const SECONDS = { '': 1, ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** Of a value in microseconds that the table shows in milliseconds. */
const MICROS = { '': 1e3, ms: 1e3, s: 1e6 } as const;

/** The units of the columns that have some; the others count. */
const UNITS: Readonly<Partial<Record<SortId, Readonly<Record<string, number>>>>> = {
  ...{ rss: BYTES, pss: BYTES, heap: BYTES, vsz: BYTES, tx: BYTES },
  ...{ avg: MICROS, p99: MICROS, loop: { '': 1, ms: 1, s: 1e3 } },
  ...{ runtime: { '': 1e6, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9 }, spawned: SECONDS },
};

const TEXTS: readonly Field<WorkerRow>[] = [
  { name: 'status', kind: 'text', values: ({ condition }) => [condition.word] },
  { name: 'uri', kind: 'text', values: ({ requests }) => requests.map(({ uri }) => uri) },
  { name: 'method', kind: 'text', values: ({ requests }) => requests.map(({ method }) => method) },
  { name: 'peer', kind: 'text', values: ({ requests }) => requests.map(({ peer }) => peer) },
];

const NUMBERS = SORT_KEYS.filter(({ id }) => id !== 'status').map(
  ({ id, value }): Field<WorkerRow> => ({
    name: id,
    kind: 'number',
    value,
    units: UNITS[id] ?? COUNT,
  }),
);

/** What a filter of the table looks at: every number that it can be sorted by, and texts. */
export const WORKER_SEARCH: Searched<WorkerRow> = {
  fields: [...TEXTS, ...NUMBERS],
  text({ worker, condition, requests }) {
    const exit = worker.last_exit ?? null;
    return [
      worker.id,
      worker.pid,
      condition.word,
      sanitizeShort(worker.status, 16),
      ...requests.map(({ method, uri }) => `${method} ${uri}`),
      exit === null ? '' : lastExitText(exit),
    ].join('\n');
  },
};
