import type { Model } from '../model/model.js';
import type { Screen } from '../model/screens.js';
import { instanceOf, tableAlone } from '../model/table-state.js';
import { chartPanels } from './charts.js';
import { detailPanels } from './detail-view.js';
import { eventPanels } from './events-view.js';
import type { Panel } from './frame.js';
import { type Band, type Banded, type Layout, layout } from './layout.js';
import { memoryPanels } from './memory-view.js';
import { othersPanels } from './others-view.js';
import { queueView } from './queue-view.js';
import { requestListView } from './request-list-view.js';
import { overviewLists } from './overview-lists.js';
import { tableView } from './table-view.js';

/** What a view draws between header and footer. */
export interface Body {
  readonly place: (model: Model) => Layout;
  readonly panels: (model: Model, place: Layout, band: Banded) => Panel[];
}

const OVERVIEW: Body = {
  place: (model) => layout(model.width, model.height, wantedLines(model)),
  panels: (model, place, band) => [
    ...chartPanels(model, place.charts.y, place.charts.height),
    ...band('table', place.table, tableView(model, place.table.height - 1)),
    ...overviewLists(model, place),
  ],
};

const WORKERS: Body = {
  place: (model) => layout(model.width, model.height, null),
  panels(model, place, band) {
    const whole = listBand(place);
    return band('table', whole, tableView(model, whole.height - 1));
  },
};

const REQUESTS: Body = {
  place: (model) => layout(model.width, model.height, null),
  panels(model, place, band) {
    const whole = listBand(place);
    return band('request-list', whole, requestListView(model, whole.height));
  },
};

const EVENTS: Body = {
  place: (model) => layout(model.width, model.height, null),
  panels: (model, place) => eventPanels(model, listBand(place)),
};

const MEMORY: Body = {
  place: (model) => layout(model.width, model.height, null),
  panels: (model, place, band) => memoryPanels(model, listBand(place), band),
};

const OTHERS: Body = {
  place: (model) => layout(model.width, model.height, null),
  panels: (model, place, band) => othersPanels(model, listBand(place), band),
};

const DETAIL: Body = {
  place: (model) => layout(model.width, model.height, null),
  panels: (model, place, band) => detailPanels(model, listBand(place), band),
};

const QUEUE: Body = {
  place: (model) => layout(model.width, model.height, null),
  panels(model, place, band) {
    const whole = listBand(place);
    return band('queue', whole, queueView(model, whole.height));
  },
};

/** The body of each view. */
export const BODIES: Readonly<Record<Screen, Body>> = {
  overview: OVERVIEW,
  workers: WORKERS,
  requests: REQUESTS,
  memory: MEMORY,
  events: EVENTS,
  others: OTHERS,
  detail: DETAIL,
  queue: QUEUE,
};

/** A line for every worker, filtered away or not; null for all there are. */
function wantedLines(model: Model): number | null {
  return tableAlone(model) ? null : (instanceOf(model)?.workers.length ?? null);
}

/** The place of a list that is all of its view; on a tiny screen that of the header but a line. */
function listBand({ tier, header, table }: Layout): Band {
  return tier === 'tiny' ? { y: header.y + 1, height: header.height - 1 } : table;
}
