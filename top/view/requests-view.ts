import { isOutdated } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { allRequests } from '../model/request-list.js';
import { instanceOf } from '../model/table-state.js';
import { age } from './ages.js';
import type { Line } from './frame.js';
import { glyphsFor } from './glyphs.js';
import { clip, fit, linked, restyled, span } from './text.js';

/** From this age on, in seconds, a request in flight is worth a look. */
export const OLD_REQUEST = 10;

/** A click on the titles opens the view of all of them. */
const OPENS = { kind: 'key', key: '3' } as const;

/**
 * What the workers are doing now: the requests in flight, oldest first, `height` lines of `width`
 * columns in all.
 */
export function requestsView(model: Model, width: number, height: number): readonly Line[] {
  const instance = instanceOf(model);
  if (height <= 0 || instance === null) return [];
  const { ellipsis, unknown } = glyphsFor(model.ascii);
  const found = allRequests(model);
  const title = '   WID     AGE  METHOD   REQUESTS IN FLIGHT, OLDEST FIRST';
  const titles = linked([span(fit(title, width, 'left', ellipsis), 'header')], OPENS);
  if (found.length === 0) {
    const told = instance.workers.some(({ cores }) => cores !== undefined);
    const text = told ? 'nothing is in flight' : 'this server does not list its requests';
    return [titles, [span(`  ${text}`, 'dim')]];
  }
  const room = found.length > height - 1 ? height - 2 : height - 1;
  const lines = found.slice(0, room).map(({ row, request }): Line => {
    const since = request.age === null ? unknown : age(request.age);
    const style = (request.age ?? 0) >= OLD_REQUEST ? 'attention' : 'normal';
    return [
      span(`  ${String(row.worker.id).padStart(4)}`),
      span(`  ${since.padStart(6)}  `, style),
      span(`${fit(request.method, 7, 'left', ellipsis)}  `, 'dim'),
      span(request.uri),
      span(request.peer === '' ? '' : `  from ${request.peer}`, 'dim'),
    ];
  });
  const more = found.length - room;
  if (more > 0) lines.push([span(`  ${more} more`, 'dim')]);
  const old = isOutdated(model);
  return [
    titles,
    ...lines.map((line) => {
      const short = clip(line, width, ellipsis);
      return old ? restyled(short, 'dim') : short;
    }),
  ];
}
