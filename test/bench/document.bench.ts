import { createLatencyWindow } from '../../server/master/decide/latency-window.js';
import { createRegistry } from '../../server/master/decide/registry.js';
import { buildDocument } from '../../server/stats/document/snapshot.js';
import type { Sources } from '../../server/stats/document/sources.js';
import { snapshotOf } from '../../server/stats/snapshot.js';
import type { Sample } from '../../server/wire/sample-frames.js';
import { diff } from '../../shared/delta.js';
import { measuredWith, sourcesOf } from '../support/built-document.js';
import { MasterDriver } from '../support/master-driver.js';
import { sampleWith } from '../support/sample-builder.js';
import { spread } from './statistics.js';

const WORKERS = 1000;
/** Of the workers, how many have counted something between two documents. */
const SHARES = [0, 0.05, 1] as const;

/** A worker under load: forty buckets of its histogram in use, two requests in flight. */
function busySample(round: number): Sample {
  const flight = (core: number) => ({
    core,
    started: 1_795_327_428,
    method: 'GET',
    uri: `/cats/${core}?page=${round}&size=20`,
    peer: '203.0.113.9',
  });
  return sampleWith({
    requests: 40 * (round + 1),
    tx: 90_000 * (round + 1),
    runningTime: 400_000 * (round + 1),
    averageTime: 10_000 + round,
    inFlight: 2,
    heap: 30e6 + round,
    loop: (round % 100) / 100,
    buckets: Array.from({ length: 40 }, (_, index): [number, number] => [20 + index, round + 1]),
    cores: [20 * (round + 1), 20 * (round + 1)],
    flights: [flight(0), flight(1)],
  });
}

interface Instance {
  readonly sources: () => Sources;
  /** A share of the workers count something more. */
  readonly work: (share: number) => void;
}

function thousandWorkers(): Instance {
  const master = new MasterDriver(WORKERS);
  const pids = master.boot();
  const registry = createRegistry();
  const latencies = createLatencyWindow();
  let round = 0;
  const work = (share: number): void => {
    round++;
    pids.slice(0, share * WORKERS).forEach((pid, index) => {
      registry.fold(index + 1, pid, busySample(round));
      latencies.look(index + 1, registry.ownTotals(index + 1).buckets, round * 1000);
    });
  };
  work(1);
  const measured = measuredWith({ uss: 30e6, pss: 35e6 });
  const sources = sourcesOf(master, { registry, latencies, measured: () => measured });
  return { work, sources: () => ({ ...sources, now: round * 1000 }) };
}

function timed(action: () => unknown): number {
  const begin = performance.now();
  action();
  return performance.now() - begin;
}

/** What a document of a thousand workers costs the master, in milliseconds. */
export function measureDocument(rounds: number): void {
  console.log(`\nA document of ${WORKERS} workers, ms, min / median / max of ${rounds} times`);
  const instance = thousandWorkers();
  const warm = 20;
  for (const share of SHARES) {
    const times: Record<'build' | 'minified' | 'indented' | 'delta', number[]> = {
      build: [],
      minified: [],
      indented: [],
      delta: [],
    };
    let before = snapshotOf(buildDocument(instance.sources()));
    let size = 0;
    for (let round = -warm; round < rounds; round++) {
      instance.work(share);
      globalThis.gc?.();
      let document = buildDocument(instance.sources());
      const build = timed(() => (document = buildDocument(instance.sources())));
      const after = snapshotOf(document);
      const minified = timed(() => after.text());
      const indented = timed(() => after.bytes());
      before.json();
      after.json();
      let text = '';
      const delta = timed(() => (text = JSON.stringify(diff(before.json(), after.json()))));
      size = text.length;
      before = after;
      if (round < 0) continue;
      times.build.push(build);
      times.minified.push(minified);
      times.indented.push(indented);
      times.delta.push(delta);
    }
    console.log(`  ${share * 100} % of the workers changed`);
    console.log(`    building it: ${spread(times.build, 2)} (aim: under 5)`);
    console.log(`    as JSON in one line: ${spread(times.minified, 2)}`);
    console.log(`    as JSON with tabs, and UTF-8: ${spread(times.indented, 2)}`);
    console.log(`    the delta of ${size} bytes: ${spread(times.delta, 2)}`);
  }
}
