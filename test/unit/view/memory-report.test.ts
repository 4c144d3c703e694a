import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MemorySeries, NO_LIMITS } from '../../../shared/memory/points.js';
import { reportOf } from '../../../shared/memory/report.js';
import { missingOf } from '../../../top/model/memory-missing.js';
import type { TitledReport } from '../../../top/view/memory-report/figures.js';
import { MEMORY_FORMATS, memoryReportText } from '../../../top/view/memory-report/formats.js';
import { matchGolden } from '../../support/golden.js';
import { type Behaviour, generate } from '../../support/memory-generators.js';
import { seeded } from '../../support/seeded.js';

process.env['TZ'] = 'UTC';

const MB = 1024 * 1024;
const END = 1_795_000_000;

/** Ten minutes that end at `END`. */
function series(worker: number, behaviour: Behaviour, more: Partial<MemorySeries> = {}) {
  const points = generate(behaviour, seeded(worker)).points.map((point) => ({
    ...point,
    t: END - 600 + point.t,
  }));
  const heapLimit = 2048 * MB;
  const nobody = { replaced: null, since: END - 660 };
  return { worker, pid: 4100 + worker, heapLimit, ...nobody, points, ...more };
}

function titled(all: readonly MemorySeries[], address = '127.0.0.1:9191'): TitledReport {
  const cgroup = { cgroup: 4096 * MB, cgroupUsed: 1200 * MB };
  const limits = { ...NO_LIMITS, reloadOnRss: 512 * MB, ...cgroup };
  const report = reportOf(all, limits, { windowS: 600, time: END });
  return { report, address, time: END, missing: missingOf(report, 'tsuwsgi') };
}

const REPORT = titled([
  series(1, 'heap leak'),
  series(2, 'none'),
  series(3, 'cache that warms up', { replaced: { pid: 77, rss: 400 * MB, at: END - 660 } }),
  series(4, 'native leak', { since: END - 90_000 }),
  series(5, 'none', { points: generate('none', seeded(5), { seconds: 20 }).points.map(late) }),
]);

function late(point: MemorySeries['points'][number]) {
  return { ...point, t: END - 20 + point.t };
}

for (const format of MEMORY_FORMATS) {
  test(`the report as ${format}`, () => {
    matchGolden(`memory-report.${format}`, memoryReportText(format, REPORT, { ascii: false }));
  });
}

test('in ASCII there is nothing but ASCII', () => {
  assert.match(memoryReportText('text', REPORT, { ascii: true }), /^[\x20-\x7e\n]+$/);
});

test('JSON has what programs were promised', () => {
  const read = JSON.parse(memoryReportText('json', REPORT, { ascii: false })) as {
    window_s: number;
    workers: Record<string, unknown>[];
    pool: Record<string, unknown>;
  };
  assert.equal(read.window_s, 600);
  assert.deepEqual(
    read.workers.map(({ verdict, where }) => [verdict, where]),
    [
      ['leak', 'heap'],
      ['none', null],
      ['warm-up', 'heap'],
      ['leak', 'native'],
      ['warm-up', null],
    ],
  );
  for (const worker of read.workers) {
    for (const name of ['id', 'pid', 'verdict', 'where', 'slope_mb_h', 'ci', 'reaches']) {
      assert.ok(name in worker, name);
    }
  }
  assert.equal(read.workers.at(-1)?.['slope_mb_h'], null, 'too little is known');
  assert.equal(read.pool['verdict'], 'leak');
});

test('the HTML is one file that asks nobody for anything', () => {
  const html = memoryReportText('html', REPORT, { ascii: false });
  assert.doesNotMatch(
    html,
    /https?:|\/\/|\b(src|href|srcset|data|action)\s*=|url\(|@import|<script/i,
  );
  assert.match(html, /default-src 'none'/);
  assert.equal(html.match(/<svg /g)?.length, 5);
});

test('what a server or a command line says cannot become a part of the HTML', () => {
  const html = memoryReportText('html', titled([], `"><script>alert('x')</script>&`), {
    ascii: false,
  });
  assert.doesNotMatch(html, /<script/);
  assert.match(html, /&quot;&gt;&lt;script&gt;alert\(&#39;x&#39;\)&lt;\/script&gt;&amp;/);
});

test('of a uWSGI without sizes the report names the option that gives them', () => {
  const report = reportOf([], NO_LIMITS, WINDOW);
  assert.match(missingOf(report, 'uwsgi').join('\n'), /its option memory-report, from/);
});

const WINDOW = { windowS: 600, time: END };

test('of a uWSGI with sizes the report says that it cannot know where memory grows', () => {
  const points = generate('heap leak', seeded(1)).points.map((point) => ({
    ...point,
    t: END - 600 + point.t,
    heap: null,
    external: null,
  }));
  const report = reportOf([series(1, 'none', { points, heapLimit: null })], NO_LIMITS, WINDOW);
  const text = memoryReportText(
    'text',
    { report, address: ':1', time: END, missing: missingOf(report, 'uwsgi') },
    { ascii: false },
  );
  assert.match(text, / leak {2,}\+/);
  assert.match(text, /! heap, external and native memory are not known: a uWSGI tells rss and vsz/);
});
