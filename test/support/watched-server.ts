// A program of its own: a real stats server over a made-up document of many workers, some of whom
// change with every tick. Prints its port; each line on stdin asks for its figures, as JSON.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { startStatsServer } from '../../server/stats/stats-server.js';
import { firstDocument, nextDocument } from './watched-documents.js';

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
let document = firstDocument(COUNT);
setInterval(() => {
  tick++;
  document = nextDocument(document, tick, CHANGING);
}, TICK_MS);

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
