import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecodedWorker } from '../../../shared/stats.js';
import { geometry } from '../../../top/model/geometry.js';
import type { Model } from '../../../top/model/model.js';
import type { Panel, TextPanel } from '../../../top/view/frame.js';
import { layout } from '../../../top/view/layout.js';
import { view } from '../../../top/view/view.js';
import { busyModel, client, instanceAt, keys, play, start, tick } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { instance, latencyOf, worker } from '../../support/stats-builder.js';

const chartsOf = (model: Model): Panel[] =>
  view(model).panels.filter(({ id }) => id.startsWith('chart-'));
const tallOf = (model: Model): TextPanel[] =>
  chartsOf(model).filter((panel) => panel.kind === 'text');
const titles = (model: Model): string[] =>
  tallOf(model).map(({ border }) => border?.title.replace(/ +[^ ]*$/, '') ?? '');

/** A server of one worker, a document a second with these counts of requests in all. */
function served(counts: readonly number[], width = 120, height = 40): Model {
  const documents = counts.map((requests, second) =>
    instanceAt(second * 1000 + 1, instance([worker(1, { requests, latency: latencyOf(5) })])),
  );
  return play(start(width, height), [tick(1), ...documents]).model;
}

test('there are as many charts as stand well side by side', () => {
  assert.deepEqual(titles(served([0, 5], 90)), ['requests/s', 'memory rss']);
  assert.equal(tallOf(served([0, 5], 120)).length, 3);
  assert.deepEqual(titles(served([0, 5], 200)).slice(2), ['memory rss', 'waiting']);
});

test('a server that tells no latency shows what waits in its place', () => {
  const plain: DecodedWorker = { id: 1, pid: 7, status: 'idle', requests: 5 };
  const model = play(start(120, 40), [instanceAt(1, { workers: [plain] })]).model;
  assert.deepEqual(titles(model), ['requests/s', 'waiting', 'memory rss']);
});

test('a low screen has blocks, a high one areas', () => {
  assert.deepEqual(
    chartsOf(served([0, 5], 80, 24)).map(({ kind, height }) => `${kind} ${height}`),
    ['sparkline 2', 'sparkline 2'],
  );
  assert.deepEqual(new Set(chartsOf(served([0, 5])).map(({ height }) => height)), new Set([12]));
});

test('a full table leaves charts two lines of those of the requests, or a place in the header', () => {
  const many = instance(Array.from({ length: 40 }, (_, index) => worker(index + 1)));
  const full = (height: number): Model => play(start(120, height), [instanceAt(1, many)]).model;
  assert.deepEqual(
    chartsOf(full(40)).map(({ kind }) => kind),
    ['sparkline', 'sparkline', 'sparkline'],
  );
  assert.doesNotMatch(frameText(view(full(40))), /req\/s +·/);
  assert.deepEqual(chartsOf(full(30)), []);
  assert.match(frameText(view(full(30))), /req\/s +·/);
});

test('the table never loses a row to a chart', () => {
  for (let height = 18; height <= 70; height++) {
    for (let lines = 0; lines <= 80; lines++) {
      const { table, charts, requests, events } = layout(120, height, lines);
      const without = layout(120, height, 2000).table.height - 1;
      assert.equal(without, geometry(120, height).rows);
      assert.equal(table.height - 1, Math.min(Math.max(3, lines), without));
      assert.equal(layout(120, height, null).charts.height, 0);
      assert.ok(
        [0, 2].includes(charts.height) ||
          (charts.height >= 6 && charts.height <= Math.max(10, 0.3 * height)),
      );
      assert.ok(requests.height === 0 || requests.height >= 4);
      assert.ok(events.height === 0 || events.height >= 4);
    }
  }
});

test('the newest value stands at the right edge of every chart, and in its border', () => {
  for (const panel of tallOf(busyModel(120, 40))) {
    const bottom = panel.lines.at(-1) ?? [];
    const text = bottom.map((part) => part.text).join('');
    assert.equal(text.length, panel.width - 2);
    assert.match(text, /█$/);
  }
  const [requests] = tallOf(busyModel(120, 40));
  assert.match(requests?.border?.title ?? '', /^requests\/s +1,360$/);
});

test('the scale names its top and zero, and stands still while the load swings', () => {
  const swings = Array.from({ length: 120 }, (_, turn) => 45 + Math.round(20 * Math.sin(turn)));
  let total = 0;
  const counts = swings.map((rate) => (total += rate));
  const marks = [30, 31, 45, 60, 61, 90, 120].map((seconds) => {
    const [requests] = tallOf(served(counts.slice(0, seconds)));
    return requests?.lines.map(([mark]) => mark?.text.trim()).filter((mark) => mark !== '');
  });
  for (const mark of marks) assert.deepEqual(mark, ['80', '0']);
});

test('the time axis is as long as the columns are, and says "now" only while that is true', () => {
  const foot = (model: Model) => tallOf(model)[0]?.border?.foot;
  assert.deepEqual(foot(served([0, 5])), ['-31s', 'now']);
  assert.deepEqual(foot(served(Array.from({ length: 60 }, () => 0))), ['-1m02s', 'now']);
  assert.deepEqual(foot(served(Array.from({ length: 400 }, () => 0))), ['-5m10s', 'now']);
  const gone = client({ type: 'disconnected', at: 2000, message: 'ECONNRESET', retryInMs: 4000 });
  const model = play(served([0, 5]), [gone, tick(5000)]).model;
  assert.deepEqual(foot(model), ['-34s', '-3s']);
  assert.ok(
    tallOf(model).every(({ lines }) =>
      lines.every((line) => line.every(({ style }) => style === 'dim')),
    ),
  );
});

test('a first document draws a chart without a claim', () => {
  const [requests] = tallOf(served([5]));
  assert.match(requests?.border?.title ?? '', /^requests\/s +–$/);
  assert.equal(
    requests?.lines
      .map((line) => line.map(({ text }) => text).join(''))
      .join('')
      .trim(),
    '0',
  );
});

test('with the requests listed in it the table has the whole screen, to its last line', () => {
  const many = instance(Array.from({ length: 40 }, (_, index) => worker(index + 1)));
  const listed = play(start(120, 40), [instanceAt(1, many), ...keys('a', 'end')]).model;
  const lines = frameText(view(listed)).split('\n');
  assert.equal(
    lines.some((line) => line.includes('IN FLIGHT')),
    false,
  );
  assert.match(lines[36] ?? '', /^▶ +40 /);
  assert.match(lines[5] ?? '', /^ +9 /);
  assert.match(lines[39] ?? '', /9-40 of 40/);
});
