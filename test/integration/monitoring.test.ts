import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { startLoad } from '../support/http.js';
import { ask, prometheusSkip, promtool, samples } from '../support/metrics-text.js';
import { startPrometheus } from '../support/prometheus.js';
import { APPS, CATSERVE, ROOT, startServer } from '../support/server.js';

const EXAMPLES = path.join(ROOT, 'examples/monitoring');
const RULES = path.join(EXAMPLES, 'rules.yml');

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

const dashboard = JSON.parse(
  readFileSync(path.join(EXAMPLES, 'grafana-dashboard.json'), 'utf8'),
) as Dashboard;

const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** What the dashboard's variables stand for when everything is chosen. */
function filledIn(expression: string): string {
  return expression.replaceAll('$__rate_interval', '1m').replaceAll(/\$(job|instance)\b/g, '.*');
}

/** The names of metrics in a text; those that rules record have a colon and are their own. */
function metricNames(text: string): Set<string> {
  return new Set(text.match(/(?<![\w:/])(ts)?uwsgi_\w+(?![\w:])/g) ?? []);
}

test('the dashboard has panels that do not overlap, each with its own id and queries', () => {
  const ids = dashboard.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  const taken = new Set<string>();
  for (const { title, gridPos, targets = [], type } of dashboard.panels) {
    assert.ok(gridPos.x + gridPos.w <= 24, title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        assert.ok(!taken.has(`${x} ${y}`), `${title} is on top of another panel`);
        taken.add(`${x} ${y}`);
      }
    }
    assert.equal(targets.length > 0, type !== 'row', title);
    assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
  }
  for (const expression of expressions) assert.match(expression, /instance=~"\$instance"/);
  const variables = dashboard.templating.list.map(({ name }) => name);
  assert.deepEqual(variables, ['datasource', 'job', 'instance']);
});

test('every metric that rules and dashboard name is in a real scrape', async (t) => {
  const https = `127.0.0.1:0,${path.join(APPS, 'cert.pem')},${path.join(APPS, 'key.pem')}`;
  const server = startServer(t, ['--module', CATSERVE, '--https', https, '-L', '-p', '1']);
  await server.ready();
  const text = await eventually('the CPU of all processes', async () => {
    const { body } = await ask(server, '/metrics');
    return /^tsuwsgi_worker_cpu_ratio/m.test(body) && /^tsuwsgi_master_cpu/m.test(body) && body;
  });
  const there = new Set([...samples(text).keys()].map((series) => series.split('{')[0]));
  const used = metricNames([readFileSync(RULES, 'utf8'), JSON.stringify(dashboard)].join('\n'));
  assert.ok(used.size > 20);
  assert.deepEqual(
    [...used].filter((name) => !there.has(name)),
    [],
  );
});

describe('Prometheus', { skip: prometheusSkip }, () => {
  test('takes the rules and the configuration, and the alerts fire when they should', (t) => {
    const folder = makeFolder(t, {});
    cpSync(EXAMPLES, folder, { recursive: true });
    cpSync(path.join(ROOT, 'test/fixtures/monitoring'), folder, { recursive: true });
    for (const [what, file] of [
      ['check rules', 'rules.yml'],
      ['check config', 'prometheus.yml'],
      ['test rules', 'rules.test.yml'],
    ] as const) {
      const { code, output } = promtool([...what.split(' '), path.join(folder, file)]);
      assert.equal(code, 0, output);
      assert.match(output, /SUCCESS/);
      assert.doesNotMatch(output, /FAILED|WARN/i);
    }
  });

  test('scrapes a real instance in OpenMetrics, and answers what the dashboard asks', async (t) => {
    const server = startServer(t, ['--module', CATSERVE, '--disable-logging', '-p', '2']);
    await server.ready();
    const folder = makeFolder(t, {});
    cpSync(EXAMPLES, folder, { recursive: true });
    const config = readFileSync(path.join(EXAMPLES, 'prometheus.yml'), 'utf8');
    const here = config
      .replace('127.0.0.1:9191', `127.0.0.1:${await server.statsPort()}`)
      .replaceAll('15s', '1s');
    writeFileSync(path.join(folder, 'prometheus.yml'), here);
    const prometheus = await startPrometheus(t, folder);
    const load = startLoad(await server.url('/health'), 2, true);
    t.after(() => load.stop());

    await eventually('the target to be up', async () => {
      return (await prometheus.query('up{job="tsuwsgi"}'))[0] === 1;
    });
    await eventually('a rate of requests', async () => {
      const [rate = 0] = await prometheus.query('sum(rate(uwsgi_worker_requests_total[1m]))');
      return rate > 0;
    });
    await eventually('a recorded quantile', async () => {
      const [p99 = 0] = await prometheus.query(
        'instance:tsuwsgi_request_duration_seconds:p99_rate5m',
      );
      return p99 > 0 && p99 < 60;
    });
    // Only OpenMetrics has units.
    const metadata = await prometheus.api('/metadata?metric=uwsgi_worker_rss_bytes');
    const [rss] = Reflect.get(Object(metadata), 'uwsgi_worker_rss_bytes') as { unit: string }[];
    assert.equal(rss?.unit, 'bytes');

    for (const expression of expressions) {
      const values = await eventually(`values of ${expression}`, async () => {
        const found = await prometheus.query(filledIn(expression));
        return found.length > 0 && found;
      });
      assert.ok(values.length > 0, expression);
    }
    const rules = (await eventually('every rule to be evaluated', async () => {
      const { groups } = (await prometheus.api('/rules')) as {
        groups: { rules: { name: string; health: string; state?: string }[] }[];
      };
      const all = groups.flatMap((group) => group.rules);
      return all.every(({ health }) => health !== 'unknown') && all;
    })) as { name: string; health: string; state?: string }[];
    assert.equal(rules.length, 17);
    assert.deepEqual(
      rules.filter(({ health }) => health !== 'ok'),
      [],
    );
    assert.equal((await load.stop()).failures.length, 0);
  });
});
