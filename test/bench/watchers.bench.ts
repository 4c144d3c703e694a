import { setTimeout as pause } from 'node:timers/promises';
import { neverReads, readsByteByByte, startWatchedServer, watch } from '../support/watchers.js';
import { cpuMicros, residentBytes } from './cpu.js';
import { SERVER_LAUNCHER } from './pin.js';
import { median, percentile, spread } from './statistics.js';

const WORKERS = 64;
const WATCHERS = 1000;
const MEASURED_MS = 20_000;

/** Many watchers of a server of 64 workers at one tick a second, two bad readers beside them. */
export async function measureWatchers(rounds: number): Promise<void> {
  await using server = await startWatchedServer(WORKERS, SERVER_LAUNCHER);
  const alone = await share(server.pid, MEASURED_MS / 2);
  const before = residentBytes(server.pid);
  using watchers = await watch(server.port, WATCHERS);
  const bad = [await neverReads(server.port), await readsByteByByte(server.port)];
  await server.figures();
  const shares: number[] = [];
  const loops: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      shares.push(await share(server.pid, MEASURED_MS));
      loops.push((await server.figures()).loopP99);
    }
  } finally {
    for (const socket of bad) socket.destroy();
  }
  const rss = residentBytes(server.pid);
  const late = watchers.spreads();
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  console.log(
    `\n${WATCHERS} watchers of ${WORKERS} workers, 5 % of which change with each tick of a second,`,
  );
  console.log(`beside one that never reads and one that reads a byte a second; ${rounds} x 20 s`);
  console.log(`  watchers that were lost: ${watchers.lost.length} ${watchers.lost.join(', ')}`);
  console.log(`  % of a core without watchers: ${alone.toFixed(2)}`);
  console.log(`  % of a core with them, min / median / max: ${spread(shares, 1)}`);
  console.log(
    `  µs for each watcher and tick: ${(((median(shares) - alone) * 10_000) / WATCHERS).toFixed(1)}`,
  );
  console.log(`  MB resident before and with them: ${megabytes(before)}, ${megabytes(rss)}`);
  console.log(`  bytes of a delta, min / median / max: ${spread(watchers.sizes, 0)} (aim: 2000)`);
  const delays = watchers.delays();
  console.log(
    `  ms after the first watcher of its tick that a watcher got a delta, p99 of ` +
      `${delays.length}: ${percentile(delays, 0.99).toFixed(1)}, median ${median(delays).toFixed(1)} (aim: 50)`,
  );
  console.log(
    `  ms from the first watcher of a tick to the last, p99 of ${late.length} ticks: ` +
      `${percentile(late, 0.99).toFixed(1)}, median ${median(late).toFixed(1)}`,
  );
  console.log(`  ms of loop delay, p99, min / median / max: ${spread(loops, 1)}`);
}

/** Percent of a core that a process used over so many milliseconds. */
async function share(pid: number, ms: number): Promise<number> {
  const before = cpuMicros(pid);
  const begin = performance.now();
  await pause(ms);
  return (cpuMicros(pid) - before) / (performance.now() - begin) / 10;
}
