import { cpus } from 'node:os';
import { workerFlags } from '../../server/master/v8-flags.js';
import { measureDashboard } from './dashboard.bench.js';
import { measureDocument } from './document.bench.js';
import { measureHook } from './hook.bench.js';
import { measureMemory } from './memory.bench.js';
import { PINNING } from './pin.js';
import { measureQueue } from './queue.bench.js';
import { compare } from './requests.bench.js';
import { measureStart } from './start.bench.js';
import { compareHttp, compareRaw, measureBurst, measureIdleWatchers } from './stats.bench.js';
import { measureReload, measureRespawn, measureRest } from './supervision.bench.js';
import { measureRouter } from './router.bench.js';
import { measureStatic } from './static.bench.js';
import { bare, cluster, tsuwsgi } from './subjects.js';
import { measureTls } from './tls.bench.js';
import { measureWatchers } from './watchers.bench.js';

/**
 * `npm run bench [-- PAIRS [PART]]`: the figures of docs/benchmarks.md. At least 9 pairs are needed
 * for a figure that is quoted; fewer give a first look. PART is keep-alive, same-flags,
 * close, cluster, control (how far two processes of the same code are apart), router, tls, queue, static,
 * hook, start, reload, respawn, rest, memory, document, stats-raw, stats-http, stats-burst, stats-idle, watchers or
 * dashboard.
 */

const pairs = Number(process.argv[2] ?? 9);
const part = process.argv[3];
if (!Number.isInteger(pairs) || pairs < 1) {
  console.error(`bench: "${process.argv[2] ?? ''}" is not a number of pairs`);
  process.exit(1);
}
const [cpu] = cpus();
console.log(
  `node ${process.version}, ${cpus().length} x ${cpu?.model ?? 'unknown CPU'}, ${pairs} pairs, ${PINNING}`,
);

const keepAlive = { requests: 40_000, connections: 16, keepAlive: true };
const close = { requests: 8_000, connections: 16, keepAlive: false };

const PARTS: Readonly<Record<string, () => unknown>> = {
  'keep-alive': () =>
    compare({
      name: 'keep-alive, against node:http on the same inherited socket',
      pairs,
      load: keepAlive,
      ours: tsuwsgi,
      theirs: () => bare(),
      aim: 1.05,
    }),
  'same-flags': () =>
    compare({
      name: "keep-alive, against node:http with the flags of V8 that tsuwsgi's workers have",
      pairs,
      load: keepAlive,
      ours: tsuwsgi,
      theirs: () => bare(...workerFlags([], '', 16)),
      aim: 1.05,
    }),
  close: () =>
    compare({
      name: 'Connection: close, against node:http on the same inherited socket',
      pairs,
      load: close,
      ours: tsuwsgi,
      theirs: () => bare(),
      aim: 1.05,
    }),
  static: () => measureStatic(pairs),
  cluster: () =>
    compare({
      name: 'Connection: close, against node:cluster round-robin',
      pairs,
      load: close,
      ours: tsuwsgi,
      theirs: cluster,
      aim: 0.6,
    }),
  control: () =>
    compare({
      name: 'control: keep-alive, node:http against itself',
      pairs,
      load: keepAlive,
      ours: () => bare(),
      theirs: () => bare(),
      aim: 1,
    }),
  router: () => measureRouter(pairs, { keepAlive, close }),
  tls: () => measureTls(pairs),
  queue: () => measureQueue(pairs),
  hook: () => measureHook(pairs, 1500),
  start: () => measureStart(pairs),
  reload: () => measureReload(pairs),
  respawn: () => measureRespawn(pairs),
  rest: () => measureRest(Math.min(pairs, 3)),
  memory: () => measureMemory(pairs),
  document: () => {
    measureDocument(pairs);
  },
  'stats-raw': () => compareRaw(pairs),
  'stats-http': () => compareHttp(pairs),
  'stats-burst': () => measureBurst(pairs),
  'stats-idle': () => measureIdleWatchers(pairs),
  watchers: () => measureWatchers(Math.min(pairs, 3)),
  dashboard: () => measureDashboard(Math.min(pairs, 3)),
};

if (part !== undefined && PARTS[part] === undefined) {
  console.error(`bench: "${part}" is not one of ${Object.keys(PARTS).join(', ')}`);
  process.exit(1);
}
for (const [name, run] of Object.entries(PARTS)) {
  if (part === undefined || part === name) await run();
}
