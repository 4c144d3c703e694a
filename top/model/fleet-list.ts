import { documentTime, modelFreshness } from './currency.js';
import { type Filter } from './list-states.js';
import { type Model } from './model.js';
import { passing, readQuery, type Searched } from './query.js';
import { instanceOf } from './table-state.js';
import { type Totals, totalsOf } from './totals.js';
import { BYTES, COUNT, SECONDS } from './worker-fields.js';

/** What the list of servers tells of each in a number; null is not known. */
export interface FleetFigure {
  readonly id: 'rps' | 'queue' | 'busy' | 'rss' | 'hc' | 'age';
  readonly value: (server: Model, totals: Totals | null) => number | null;
  readonly units: Readonly<Record<string, number>>;
}

/** In the order of the columns, which is the one that `F6` goes through. */
export const FLEET_FIGURES: readonly FleetFigure[] = [
  { id: 'rps', value: ({ history }) => history.rates.rps, units: COUNT },
  { id: 'queue', value: (_, totals) => totals?.listen ?? null, units: COUNT },
  {
    id: 'busy',
    value: (_, totals) => (totals === null ? null : (totals.kinds.get('busy') ?? 0)),
    units: COUNT,
  },
  { id: 'rss', value: (_, totals) => totals?.rss ?? null, units: BYTES },
  { id: 'hc', value: (_, totals) => totals?.harakiri ?? null, units: COUNT },
  { id: 'age', value: ageOf, units: SECONDS },
];

/** The sums of a server's newest document; null before the first. */
export function totalsOfServer(server: Model): Totals | null {
  const instance = instanceOf(server);
  return instance === null ? null : totalsOf(instance);
}

/** Seconds since the server started; null when it does not say. */
function ageOf(server: Model): number | null {
  const start = instanceOf(server)?.start_time;
  const now = documentTime(server);
  return start === undefined || now === null ? null : Math.max(0, now - start);
}

/** What a filter of the list looks at. */
export const FLEET_SEARCH: Searched<Model> = {
  fields: [
    { name: 'state', kind: 'text', values: (server) => [modelFreshness(server).kind] },
    ...FLEET_FIGURES.map(({ id, value, units }) => ({
      ...{ name: id, kind: 'number' as const, units },
      value: (server: Model) => value(server, totalsOfServer(server)),
    })),
  ],
  text: (server) =>
    `${server.address}\n${instanceOf(server)?.name ?? ''}\n${modelFreshness(server).kind}`,
};

/** By which figure the list is ordered; null is the order of the command line. */
export interface FleetSort {
  readonly by: FleetFigure['id'] | null;
  readonly descending: boolean;
}

/** The next order after one: each figure, the greatest first, then the command line's again. */
export function nextSort({ by }: FleetSort): FleetSort {
  const index = FLEET_FIGURES.findIndex(({ id }) => id === by);
  return { by: FLEET_FIGURES[index + 1]?.id ?? null, descending: true };
}

/** The places of the servers that pass a filter, in an order; those whose figure is not known last. */
export function listedServers(
  servers: readonly Model[],
  { text }: Filter,
  { by, descending }: FleetSort,
): readonly number[] {
  const figure = FLEET_FIGURES.find(({ id }) => id === by);
  const passed = new Set(passing(servers, text, FLEET_SEARCH));
  const rows = servers
    .map((server, index) => ({
      ...{ server, index },
      value: figure?.value(server, totalsOfServer(server)) ?? null,
    }))
    .filter(({ server }) => passed.has(server));
  if (figure === undefined) return rows.map(({ index }) => index);
  const sign = descending ? -1 : 1;
  return rows
    .sort((a, b) => {
      if (a.value === null || b.value === null) {
        return Number(a.value === null) - Number(b.value === null);
      }
      return sign * (a.value - b.value);
    })
    .map(({ index }) => index);
}

/** What is wrong with the filter, in a sentence; null when nothing is. */
export function fleetProblem({ text }: Filter): string | null {
  return readQuery(text, FLEET_SEARCH).problem;
}
