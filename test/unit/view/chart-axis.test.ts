import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventKind, HappenedEvent } from '../../../top/model/events.js';
import type { Model } from '../../../top/model/model.js';
import { type Axis, axisPanel } from '../../../top/view/chart-axis.js';
import { columnAt } from '../../../top/view/time-columns.js';
import { view } from '../../../top/view/view.js';
import { busyModel, client, play, tick } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { eventfulModel } from '../../support/happened.js';

const event = (kind: EventKind, at: number): HappenedEvent => ({
  ...{ key: `${kind}/${at}`, time: at, at, kind, worker: null, text: '', details: [], bad: false },
});
const axis = (labels: Axis['labels'] = []): Axis => ({
  ...{ id: 'chart', x: 0, y: 0, columns: 10, labels },
  columnOf: (at) => (at < 0 ? null : at),
});
const textOf = (
  events: readonly HappenedEvent[],
  labels: Axis['labels'] = [],
): string | undefined =>
  axisPanel(events, axis(labels))
    ?.lines[0]?.map(({ text }) => text)
    .join('');

test('each event stands as its letter in its column', () => {
  const events = [event('reload', 1), event('death', 3), event('lost', 5), event('harakiri', 9)];
  assert.equal(textOf(events), ' R x !   H');
});

test('of several in one column the most important is shown, in whatever order they came', () => {
  const kinds: EventKind[] = ['reload', 'harakiri', 'death', 'lost'];
  for (const list of [kinds, kinds.toReversed()]) {
    assert.equal(textOf(list.map((kind) => event(kind, 4)))?.trim(), 'H');
  }
  assert.equal(textOf([event('death', 4), event('reload', 4)])?.trim(), 'x');
});

test('what has no letter, or was before the chart, is not on the axis', () => {
  assert.equal(axisPanel([event('spawn', 4), event('death', -1)], axis()), null);
});

test('a label gives way to an event in its columns, and comes back', () => {
  const labels = [
    { column: 0, text: '-9s' },
    { column: 7, text: 'now' },
  ];
  assert.equal(textOf([event('death', 5)], labels), '-9s  x now');
  assert.equal(textOf([event('death', 8)], labels), '-9s     x ');
});

test('a moment belongs to the column of its time, and one after all values to the newest', () => {
  const window = { columns: 5, span: 1000 };
  const times = [1000, 2000, 3500];
  assert.deepEqual(
    [-5000, -900, 0, 1500, 3999, 99_000].map((at) => columnAt(at, times, window)),
    [null, 0, 1, 2, 4, 4],
  );
});

/** The lines under the charts. */
const under = (model: Model): string => {
  const lines = frameText(view(model)).split('\n');
  return lines[lines.findIndex((line) => line.includes('WID STATUS')) - 1] ?? '';
};

test('every chart of the overview has the letters, whatever its height', () => {
  for (const [width, height] of [
    [120, 40],
    [80, 24],
  ] as const) {
    const found = under(eventfulModel(width, height)).replace(/-?\d+s|now/g, ' ');
    assert.match(found, /x +H +R/);
    assert.equal(found.match(/H/g)?.length, width === 120 ? 3 : 2);
  }
});

test('a connection that is lost shows at once, at the right edge', () => {
  const gone = client({ type: 'disconnected', at: 61_000, message: 'gone', retryInMs: 4000 });
  const model = play(busyModel(120, 40), [gone, tick(61_500)]).model;
  assert.match(under(model), /! *$/);
});
