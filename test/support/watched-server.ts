// A program of its own: a real stats server over a made-up document of many workers, some of whom
// change with every tick. Prints its port; each line on stdin asks for its figures, as JSON.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { startStatsServer } from '../../server/stats/stats-server.js';
import type { StatsDocument, WorkerStats } from '../../shared/stats.js';
import { smallDocument } from './small-document.js';
import { idleCore, latencyOf } from './stats-builder.js';

/** What the program answers. Milliseconds. */
export interface WatchedFigures {
  readonly loopP99: number;
  readonly loopMax: number;
  readonly clients: number;
}

const [folder = '', workers = '64', share = '0.05'] = process.argv.slice(2);
const COUNT = Number(workers);
const CHANGING = Math.max(1, Math.round(COUNT * Number(share)));
/** Documents change with the beat of the watchers. */
const TICK_MS = 1000;

let tick = 0;
let document = first();
setInterval(() => {
  tick++;
  document = next(document);
}, TICK_MS);

function first(): StatsDocument {
  const small = smallDocument(COUNT);
  const latency = latencyOf(0.4, 0.6, 1, 2, 3, 5, 9, 30, 120);
  return {
    ...small,
    workers: small.workers.map((worker) => ({
      ...worker,
      latency,
      cores: Array.from({ length: 4 }, (_, id) => idleCore(id)),
    })),
  };
}

/** The next document: a share of the workers answered some requests, and time went on. */
function next(before: StatsDocument): StatsDocument {
  const from = (tick * CHANGING) % COUNT;
  const changes = (index: number): boolean => (index - from + COUNT) % COUNT < CHANGING;
  return {
    ...before,
    time: 1000 + tick,
    workers: before.workers.map((worker, index) => (changes(index) ? busier(worker) : worker)),
  };
}

/** What a second of work does to the numbers of a worker. */
function busier(worker: WorkerStats): WorkerStats {
  const requests = worker.requests + 97;
  const running = worker.running_time + 97 * 2100;
  return {
    ...worker,
    requests,
    delta_requests: requests,
    running_time: running,
    tx: worker.tx + 97 * 2600,
    avg_rt: 1900 + (tick % 400),
    rss: worker.rss + 4096 * (tick % 5),
    cpu: 20 + (tick % 30),
    loop_utilization: ((tick * 7) % 100) / 100,
    status: tick % 2 === 0 ? 'busy' : 'idle',
    in_flight: tick % 2,
    latency: {
      count: requests,
      sum_us: running,
      buckets: worker.latency.buckets.map(([bucket, count]) => [bucket, count + 11]),
    },
    cores: (worker.cores ?? []).map((core) => ({ ...core, requests: core.requests + 24 })),
  };
}

const started = await startStatsServer({
  addresses: ['127.0.0.1:0'],
  // A watcher on a busy machine may take its time to speak; nobody here is silent.
  waitMs: 10_000,
  http: false,
  readOnly: true,
  allowHosts: [],
  bootId: '0123456789abcdef0123456789abcdef',
  version: '9.9.9',
  document: () => document,
  isStopping: () => false,
  execute: () => ({ accepted: false, code: 'failed', message: 'nothing is done here' }),
  runtimeDirectory: folder,
  log: (line) => process.stderr.write(`${line}\n`),
  limits: { maxConnections: 4096 },
});
if (!started.ok) throw new Error(started.error);
const server = started.value;

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
createInterface({ input: process.stdin })
  .on('line', () => {
    const figures: WatchedFigures = {
      // The histogram holds the whole distance between two looks, of which 5 ms are meant.
      loopP99: Math.max(0, delay.percentile(99) / 1e6 - 5),
      loopMax: Math.max(0, delay.max / 1e6 - 5),
      clients: server.clients(),
    };
    delay.reset();
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  })
  .on('close', () => {
    process.exit();
  });
process.stdout.write(`${server.addresses[0]?.split(':')[1] ?? ''}\n`);
