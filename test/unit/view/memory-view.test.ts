import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poolOf } from '../../../top/model/memory.js';
import type { Model } from '../../../top/model/model.js';
import { glyphsFor } from '../../../top/view/glyphs.js';
import { trend } from '../../../top/view/trend.js';
import { view } from '../../../top/view/view.js';
import { instanceAt, keys, play, start, tick, typed } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { worker } from '../../support/stats-builder.js';
import { uwsgiInstance } from '../../support/uwsgi-documents.js';
import { memoryModel } from '../../support/worker-memory.js';

const MB = 1024 * 1024;
const screen = (model: Model, ...names: string[]): string =>
  frameText(view(play(model, keys(...names)).model));
const rows = (text: string): string[] =>
  text.split('\n').filter((line) => /^[ ▶] +\d+ /.test(line));

test('the largest worker stands first, and its growth is told in an hour', () => {
  const [first, second] = rows(screen(memoryModel(120, 40)));
  assert.match(first ?? '', /^▶ +3 .* \+7\.0G .*▁.*█/);
  assert.match(second ?? '', / [+-][\d.]+[KM] /);
});

test('with less than two minutes known no growth is claimed', () => {
  const [first] = rows(screen(memoryModel(120, 40, 60)));
  assert.match(first ?? '', /^▶ +3 .* – /);
});

test('what grows is judged, and how many workers do so stands in the line of the pool', () => {
  const early = screen(memoryModel(120, 40));
  assert.match(early, /POOL {3}1 suspect /);
  const [first, second] = rows(early);
  assert.match(first ?? '', /▲ suspect heap /);
  assert.match(second ?? '', /○ none +– /);
  assert.match(screen(memoryModel(120, 40, 600)), /^▶ +3 .* ▲ leak +heap /m);
});

test('of a process that is known for a moment only no growth is told', () => {
  const text = screen(memoryModel(120, 40, 10));
  assert.match(rows(text)[0] ?? '', /◌ warm-up –/);
  assert.doesNotMatch(text, /suspect|leak/);
});

test('the order of this view is its own, and mark and filter are shared with the overview', () => {
  const model = play(memoryModel(120, 40), keys('I', '/', ...typed('idle'), 'enter')).model;
  assert.equal(model.table.sort.by, 'wid');
  assert.deepEqual(model.table.memorySort, { by: 'rss', descending: false });
  const overview = screen(model, '1');
  assert.match(overview, /▶ +3 /);
  assert.match(overview, /filter idle/);
  assert.match(screen(model, 'enter'), /worker 3 {2}○ idle/);
});

test('the sums say how much is counted twice, and nothing where a part is not known', () => {
  const sized = [1, 2].map((id) => worker(id, { rss: 100 * MB, pss: 60 * MB, heap_used: 9 }));
  assert.deepEqual(poolOf({ workers: sized }), {
    ...{ rss: 200 * MB, pss: 120 * MB, shared: 80 * MB, heap: 18, workers: 2 },
  });
  const partly = poolOf({ workers: [...sized, worker(3, { pss: null })] });
  assert.equal(partly.pss, null);
  assert.equal(partly.shared, null);
  assert.equal(poolOf({ workers: [] }).rss, null);
});

test('a worker without a process has no sizes, and one of a uWSGI that measures nothing has dashes', () => {
  const uwsgi = play(start(80, 24), [tick(1), instanceAt(1, uwsgiInstance()), ...keys('4')]).model;
  const text = screen(uwsgi);
  assert.match(text, /POOL {3}rss 22\.8M|POOL {3}rss 23M/);
  assert.match(text, /pss –/);
  assert.match(text, / 2 ● busy +\d* +– /);
});

test('a trend shows all values in its width, and noise as flat', () => {
  const glyphs = glyphsFor(false);
  assert.equal(trend([], 8, glyphs), '');
  assert.equal(trend([0, 0, 0], 8, glyphs), '▁▁▁');
  assert.equal(trend([1000, 1001, 1000], 8, glyphs), '▁▁▁');
  const long = Array.from({ length: 100 }, (_, index) => 100 + index);
  assert.equal(trend(long, 8, glyphs), '▁▂▃▄▅▆▇█');
});
