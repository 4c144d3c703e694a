import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RecycleRules } from '../../../server/master/decide/recycle-rules.js';
import { createRegistry } from '../../../server/master/decide/registry.js';
import { expose } from '../../../server/metrics/exposition.js';
import { decodeDocument } from '../../../shared/decode-stats.js';
import type { DecodedInstance, StatsDocument } from '../../../shared/stats.js';
import { documentOf, measuredWith } from '../../support/built-document.js';
import { MasterDriver } from '../../support/master-driver.js';
import { sampleWith } from '../../support/sample-builder.js';
import { assertValid } from '../../support/stats-schema.js';

const MB = 1024 * 1024;

const INSIDE = {
  ...{ lookedAt: 90_000, external: 9 * MB, arrayBuffers: 7 * MB, malloced: MB },
  ...{ nativeContexts: 2, detachedContexts: 1, handles: 12, activeRequests: 3 },
  gc: [40, 22.5, 3, 31.5, 4, 2.5, 1, 0.5],
  spaces: [
    ['old_space', 20 * MB, 24 * MB],
    ['new_space', MB, 16 * MB],
  ] as const,
};

const RULES: RecycleRules = {
  ...{ maxRequests: null, maxRequestsDelta: 0, maxLifetimeMs: null, maxLifetimeDeltaMs: 0 },
  ...{ minLifetimeMs: 0, rss: null, uss: null, pss: 700 * MB, heap: null, evilRss: null },
  budget: 2000 * MB,
};

/** Two workers, of which the first has told of its inside. */
function shop(pss: (pid: number) => number | null): { document: StatsDocument; pids: number[] } {
  const master = new MasterDriver(2, { recycling: RULES });
  const pids = master.boot();
  const registry = createRegistry();
  registry.fold(1, pids[0] ?? 0, sampleWith({ inside: INSIDE }));
  const document = documentOf(master, {
    registry,
    sharedNow: 98_412.3,
    measured: (pid) => measuredWith({ pss: pss(pid), uss: MB, shared: 40 * MB, swap: 0 }),
    surroundings: {
      cgroup: { limit: 512 * MB, usage: 300 * MB, swap: null },
      pressure: { some_avg10: 1.5, some_avg60: 0.75, full_avg10: 0.25, full_avg60: 0 },
    },
  });
  return { document, pids };
}

/** As a reader takes a document, and whether it found anything wrong in it. */
function decoded(document: unknown): { instance: DecodedInstance; damaged: boolean } {
  const result = decodeDocument(Buffer.from(JSON.stringify(document)));
  assert.ok(result.ok && result.value.kind === 'instance');
  return result.value;
}

describe('the memory in the stats', () => {
  test('tells of the inside of a worker, and how old that is', () => {
    const [worker, silent] = shop(() => MB).document.workers;
    assert.ok(worker && silent);
    assert.deepEqual(
      [worker.external, worker.array_buffers, worker.malloced],
      [9 * MB, 7 * MB, MB],
    );
    const { native_contexts: contexts, detached_contexts: detached } = worker;
    assert.deepEqual([contexts, detached, worker.handles, worker.active_requests], [2, 1, 12, 3]);
    assert.deepEqual(worker.gc, {
      ...{ minor_count: 40, minor_ms: 22.5, major_count: 3, major_ms: 31.5 },
      ...{ incremental_count: 4, incremental_ms: 2.5, weak_count: 1, weak_ms: 0.5 },
    });
    assert.deepEqual(worker.heap_spaces[0], { name: 'old_space', used: 20 * MB, size: 24 * MB });
    assert.equal(worker.inside_age_ms, 8412);
    assert.deepEqual(
      [silent.external, silent.gc, silent.heap_spaces, silent.inside_age_ms],
      [null, null, [], null],
      'what was not told is not known',
    );
  });

  test('stands at the end of a worker, in one order', () => {
    const keys = Object.keys(shop(() => MB).document.workers[0] ?? {});
    assert.equal(
      keys.slice(keys.indexOf('refused') + 1).join(' '),
      'shared swap external array_buffers malloced native_contexts detached_contexts handles ' +
        'active_requests heap_spaces gc inside_age_ms',
    );
  });

  test('of the pool is the sum over the master and all workers, and unknown while one is', () => {
    const { document, pids } = shop(() => 30 * MB);
    assert.equal(document.memory.pool_pss, 90 * MB);
    const { memory } = shop((pid) => (pid === pids[1] ? null : 30 * MB)).document;
    assert.equal(memory.pool_pss, null);
    assert.equal(memory.cgroup?.limit, 512 * MB);
  });

  test('is what the schema says, and a reader takes all of it', () => {
    const { document } = shop(() => MB);
    assertValid(document);
    const { instance, damaged } = decoded(document);
    assert.equal(damaged, false);
    assert.deepEqual(instance.memory, document.memory);
    assert.deepEqual(instance.master, document.master);
    assert.deepEqual(instance.workers[0]?.gc, document.workers[0]?.gc);
    assert.deepEqual(instance.workers[0]?.heap_spaces, document.workers[0]?.heap_spaces);
  });

  test('of a master of an earlier version is what that tells', () => {
    const { document } = shop(() => MB);
    const master = { rss: 1, vsz: 2, cpu: null };
    const told = decoded({ ...document, master });
    assert.equal(told.damaged, false);
    assert.deepEqual(told.instance.master, master);
    const broken = decoded({ ...document, master: { rss: 'much' } });
    assert.equal(broken.damaged, true);
    assert.equal(broken.instance.master, undefined);
  });

  test('is in the metrics as far as it is known', () => {
    const text = expose(shop(() => MB).document, 'openmetrics');
    for (const line of [
      '# UNIT tsuwsgi_worker_gc_seconds seconds',
      'tsuwsgi_worker_gc_collections_total{worker_id="1",kind="minor"} 40',
      'tsuwsgi_worker_gc_seconds_total{worker_id="1",kind="major"} 0.0315',
      `tsuwsgi_worker_heap_space_used_bytes{worker_id="1",space="old_space"} ${20 * MB}`,
      `tsuwsgi_worker_external_bytes{worker_id="1"} ${9 * MB}`,
      'tsuwsgi_worker_inside_age_seconds{worker_id="1"} 8.412',
      `tsuwsgi_worker_shared_bytes{worker_id="2"} ${40 * MB}`,
      `tsuwsgi_pool_pss_bytes ${3 * MB}`,
      `tsuwsgi_cgroup_memory_limit_bytes ${512 * MB}`,
      'tsuwsgi_cgroup_memory_pressure_ratio{tasks="some",window="10s"} 0.015',
      `tsuwsgi_memory_limit_bytes{option="reload-on-pss"} ${700 * MB}`,
      `tsuwsgi_memory_limit_bytes{option="memory-budget"} ${2000 * MB}`,
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    assert.doesNotMatch(text, /external_bytes\{worker_id="2"/);
    assert.doesNotMatch(text, /cgroup_swap_bytes|option="reload-on-rss"/);
  });
});
