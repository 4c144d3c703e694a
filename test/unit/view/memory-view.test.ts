import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OptionLimits } from '../../../shared/memory-stats.js';
import { poolOf } from '../../../top/model/memory.js';
import type { Model } from '../../../top/model/model.js';
import { glyphsFor } from '../../../top/view/glyphs.js';
import { trend } from '../../../top/view/trend.js';
import { view } from '../../../top/view/view.js';
import { instanceAt, keys, play, start, tick, typed } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { worker } from '../../support/stats-builder.js';
import { uwsgiInstance } from '../../support/uwsgi-documents.js';
import { grownShop, memoryModel } from '../../support/worker-memory.js';

const MB = 1024 * 1024;
const screen = (model: Model, ...names: string[]): string =>
  frameText(view(play(model, keys(...names)).model));
const rows = (text: string): string[] =>
  text.split('\n').filter((line) => /^[ ▶] +\d+ [▲○◌–]/.test(line));

test('the largest worker stands first, with its slope and the band of it in MB an hour', () => {
  const [first, second] = rows(screen(memoryModel(120, 40)));
  assert.match(first ?? '', /^▶ +3 .* \+7200 \+7200\.\.\+7200 .*▁.*█/);
  assert.match(second ?? '', / \+5\.5 -[\d.]+\.\.\+[\d.]+ /);
});

test('with less than 45 seconds known no growth is claimed', () => {
  const [first] = rows(screen(memoryModel(120, 40, 40)));
  assert.match(first ?? '', /^▶ +5 ◌ warm-up –.* – +– /);
});

test('what grows is judged, and how many workers do so stands in the line of the pool', () => {
  const early = screen(memoryModel(120, 40));
  assert.match(early, /POOL {3}1 suspect /);
  const [first, second] = rows(early);
  assert.match(first ?? '', /▲ suspect heap /);
  assert.match(second ?? '', /○ none +– /);
  assert.match(screen(memoryModel(120, 40, 600)), /^▶ +3 ▲ leak +heap /m);
});

test('what ends a worker that grows is told with the time that is left', () => {
  // 109 MB of the heap are left, at 2 MB a second.
  const [first, second] = rows(screen(memoryModel(80, 24)));
  assert.match(first ?? '', / 5\ds v8 heap *$/);
  assert.match(second ?? '', / – *$/);
});

test('a bar shows the parts of all workers on one scale, and where the first limit is met', () => {
  const text = screen(memoryModel(80, 24));
  assert.match(text, / 0 TO 600M /);
  const [first = '', second = ''] = rows(text);
  const bar = (line: string): string => /[░▒▓█]+ *┃ */.exec(line)?.[0] ?? '';
  assert.match(bar(first), /^░▒█{11} {3}┃ +$/);
  assert.match(bar(second), /^░▒█ {13}┃ +$/);
  assert.match(
    text,
    /░ shared {2}▒ native {2}▓ external {2}█ heap {2}┃ first limit {2}│ new process/,
  );
});

test('in ASCII the parts are letters that the legend names', () => {
  const text = frameText(view(memoryModel(80, 24, 180, true)));
  assert.match(text, /^> +3 .* snHHHHHHHHHHH {3}\| /m);
  assert.match(text, /s shared {2}n native {2}e external {2}H heap {2}\| first limit/);
  assert.match(text, /^[\x20-\x7e\n]*$/);
});

test('another process under the id of a worker is a sign in its trend and in its chart', () => {
  const model = memoryModel(120, 40);
  const fifth = rows(screen(model)).find((line) => /^ +5 /.test(line));
  assert.match(fifth ?? '', / ▂▄▆█│▁▁▁▁▁ /);
  assert.match(fifth ?? '', /○ none/, 'the one that leaked is gone');
  const marked = screen(model, ...Array<string>(7).fill('down'));
  assert.match(marked, /WORKER 5, pid 31005/);
  assert.match(marked, /┌ worker 5: rss /);
  const chart = marked.split('\n').filter((line) => line.includes('│', 60));
  assert.ok(chart.filter((line) => /│.*│.*│/.test(line)).length > 6, marked);
});

test('worker and verdict stand at every size that has a table, whatever else folds', () => {
  for (const [width, height] of [
    [30, 10],
    [40, 10],
    [60, 20],
    [200, 60],
  ] as const) {
    assert.match(screen(memoryModel(width, height)), /^▶ +3 +▲ suspect/m, `${width}x${height}`);
  }
});

test('a small pool leaves lines for the marked worker even on a small terminal', () => {
  const few = { ...grownShop(0), workers: grownShop(0).workers.slice(0, 2) };
  const model = play(start(80, 24), [tick(1), instanceAt(1, few), ...keys('4')]).model;
  assert.match(frameText(view(model)), /WORKER 2, pid 21410/, 'the first of the list');
});

test('the control group is told with its limit, and what is high of it stands out', () => {
  const at = (usage: number | null, limit: number | null) => {
    const cgroup = { limit, usage, swap: 3 * MB };
    const memory = { pool_pss: null, cgroup, pressure: null };
    const document = { ...grownShop(0), memory };
    return view(play(start(120, 40), [tick(1), instanceAt(1, document), ...keys('4')]).model);
  };
  const high = at(1000 * MB, 1024 * MB);
  assert.match(frameText(high), /cgroup 1\.0G of 1\.0G █{12} 98 %, 3\.0M swapped/);
  const styles = high.panels.flatMap((panel) => (panel.kind === 'text' ? panel.lines.flat() : []));
  assert.equal(styles.find(({ text }) => text === ' 98 %')?.style, 'alarm');
  assert.match(frameText(at(970 * MB, null)), /cgroup 970M without a limit/);
  assert.match(frameText(at(null, null)), /cgroup –/);
});

const NONE: OptionLimits = {
  ...{ reload_on_rss: null, reload_on_uss: null, reload_on_pss: null, reload_on_heap: null },
  memory_budget: null,
};

/** The view after three minutes in which options limited memory. */
function limited(width: number, height: number, limits: Partial<OptionLimits>): Model {
  const documents = Array.from({ length: 37 }, (_, index) =>
    instanceAt(index * 5000 + 1, {
      ...grownShop(index * 5),
      memory_limits: { ...NONE, ...limits },
    }),
  );
  return play(start(width, height), [tick(1), ...documents, tick(180_401), ...keys('4', 'down')])
    .model;
}

test('the limits that options set are marked in the bar and told by their names', () => {
  const { rss, pss } = grownShop(180).workers[2]!;
  const byRss = screen(limited(80, 24, { reload_on_rss: rss + 60 * MB }));
  assert.match(rows(byRss)[0] ?? '', /[░▒█]+ *┃.* 30s rss/);
  const byPss = screen(limited(80, 24, { reload_on_pss: (pss ?? 0) + 20 * MB }));
  assert.match(rows(byPss)[0] ?? '', / 10s pss/);
});

test('the budget of all workers stands beside what they take of it', () => {
  const taken = poolOf(grownShop(180)).pss ?? 0;
  const text = screen(limited(120, 40, { memory_budget: taken * 2 }));
  assert.match(text, /budget of [\d.]+[MG] █{6}░{6} 50 %/);
  assert.doesNotMatch(screen(limited(120, 40, {})), /budget/);
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
  assert.match(text, /POOL {3}pss – {3}rss 23M/);
  assert.match(text, /^ +2 +– +– +– /m);
  assert.match(
    text,
    /! heap, external and native memory are not known: a uWSGI tells rss and vsz\n only, with its option memory-report\n/,
  );
  assert.match(text, / ■ rss, its other parts are not known /);
});

test('a trend goes from the least to the greatest, noise is flat, and a new process has its sign', () => {
  const glyphs = glyphsFor(false);
  const none = new Set<number>();
  assert.equal(trend([], none, glyphs), '');
  assert.equal(trend([null, null], none, glyphs), '  ');
  assert.equal(trend([0, 0, 0], none, glyphs), '▁▁▁');
  assert.equal(trend([1000, 1001, 1000], none, glyphs), '▁▁▁');
  const long = Array.from({ length: 8 }, (_, index) => 100 + 10 * index);
  assert.equal(trend(long, none, glyphs), '▁▂▃▄▅▆▇█');
  assert.equal(trend([80, null, 100, 50, 60], new Set([3]), glyphs), '▅ █│▂');
});
