import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRegistry } from '../../../server/master/decide/registry.js';
import { createLatencyWindow } from '../../../server/master/decide/latency-window.js';
import { REFUSAL_CODES } from '../../../server/wire/refusals.js';
import { scopeOf } from '../../../server/stats/document/scope.js';
import type { Sources } from '../../../server/stats/document/sources.js';
import { decodeAnswer } from '../../../shared/decode-stats.js';
import type { StatsDocument } from '../../../shared/stats.js';
import { documentOf, measuredWith } from '../../support/built-document.js';
import { MasterDriver } from '../../support/master-driver.js';
import { sampleWith } from '../../support/sample-builder.js';
import { smallDocument } from '../../support/small-document.js';
import { busyCore, instance, latencyOf, worker } from '../../support/stats-builder.js';
import { assertValid, type Schema, STATS_SCHEMA } from '../../support/stats-schema.js';
import { captureNames, readCapture } from '../../support/uwsgi-captures.js';

/** Every object of the schema, with a name for messages. */
function objects(): (readonly [name: string, schema: Schema])[] {
  return [['document', STATS_SCHEMA], ...Object.entries(STATS_SCHEMA.$defs ?? {})];
}

/** One process with everything that can be told of it, and one that is draining. */
function fullDocument(change: Partial<Sources> = {}): StatsDocument {
  const master = new MasterDriver(2);
  const [old = 0] = master.boot();
  const registry = createRegistry();
  const latencies = createLatencyWindow();
  const flight = { core: 1, started: 7, method: 'GET', uri: '/x?token=1', peer: '::1' };
  const refused = REFUSAL_CODES.map((code) => [code, 1] as const);
  const counted = { requests: 3, inFlight: 1, cores: [2, 1], flights: [flight], refused };
  registry.fold(1, old, sampleWith({ ...counted, buckets: [[40, 3]], loop: 0.5 }));
  latencies.look(1, registry.ownTotals(1).buckets, 0);
  master.post({
    type: 'harakiri',
    pid: old,
    report: {
      ...{ face: 'slow', core: 1, method: 'GET', uri: '/x', peer: '::1', ageMs: 12.5 },
      ...{ inFlight: 1, queued: 0, stack: [], flights: [], wallMs: 1e12, rss: 1, listenQueue: 0 },
    },
  });
  for (const pid of master.spawnOrdered()) master.ready(pid);
  return documentOf(master, {
    ...{ registry, latencies, measured: () => measuredWith({ uss: 1, pss: 2 }) },
    ...change,
  });
}

describe('docs/stats.schema.json', () => {
  test('describes every field, and says what its numbers are', () => {
    for (const [name, schema] of objects()) {
      assert.ok(schema.description?.endsWith('.'), name);
      for (const [field, property] of Object.entries(schema.properties ?? {})) {
        assert.match(property.description ?? '', /[.)]$/, `${name}.${field}`);
      }
    }
  });

  test('fits documents in every state of a worker', () => {
    const master = new MasterDriver(2);
    assertValid(documentOf(master));
    master.tick();
    const pids = master.spawnOrdered();
    assert.equal(pids.length, 2);
    assertValid(documentOf(master));
    for (const pid of pids) master.ready(pid);
    assertValid(documentOf(master));
    master.post({ type: 'pause', paused: true });
    assertValid(documentOf(master));
    const [pid = 0] = pids;
    master.killed(pid);
    const dead = documentOf(master);
    assert.equal(dead.workers[0]?.last_exit?.signal, 'SIGKILL');
    assertValid(dead);
  });

  test('fits a document that has something of everything', () => {
    const document = fullDocument();
    assert.equal(document.workers[0]?.draining.length, 1);
    assert.equal(document.harakiris.length, 1);
    assertValid(document);
    assertValid(document, 'open');
    assertValid(document, 'uwsgi');
  });

  test('fits what the options leave of it', () => {
    for (const noCores of [true, false]) {
      for (const noVars of [true, false]) {
        assertValid(fullDocument({ scope: scopeOf({ noCores, noVars, redact: [] }) }));
      }
    }
  });

  test('fits the documents that other tests are made of', () => {
    const cores = [busyCore(0, 'GET', '/', 3)];
    const busy = worker(2, { cores, latency: latencyOf(1, 20), in_flight: 1 });
    assertValid(instance([worker(1), busy]));
    assertValid(smallDocument(3));
  });

  test('has the fields in the order in which they come', () => {
    const document = fullDocument();
    const [first] = document.workers;
    const order = (name?: string): string[] =>
      Object.keys(
        (name === undefined ? STATS_SCHEMA : STATS_SCHEMA.$defs?.[name])?.properties ?? {},
      );
    assert.deepEqual(Object.keys(document), order());
    assert.deepEqual(Object.keys(first ?? {}), order('worker'));
    assert.deepEqual(Object.keys(first?.cores?.[0] ?? {}), order('core'));
    assert.deepEqual(Object.keys(document.sockets[0] ?? {}), order('socket'));
    assert.deepEqual(Object.keys(document.harakiris[0] ?? {}), order('harakiri'));
  });

  test('refuses what is unknown, missing or wrong', () => {
    const document = fullDocument();
    const [first] = document.workers;
    for (const broken of [
      { ...document, extra: 1 },
      { ...document, workers: [{ ...first, extra: 1 }] },
      { ...document, workers: [{ ...first, pss: '2' }] },
      { ...document, workers: [{ ...first, state: 'asleep' }] },
      { ...document, workers: [{ ...first, refused: { unheard_of: 1 } }] },
      { ...document, boot_id: undefined },
      { ...document, uid: -1 },
    ]) {
      assert.throws(
        () => {
          assertValid(JSON.parse(JSON.stringify(broken)));
        },
        JSON.stringify(broken).slice(0, 80),
      );
    }
  });

  test('fits the documents of real uWSGI servers, in the fields that are theirs', () => {
    let checked = 0;
    for (const name of captureNames()) {
      const answer = decodeAnswer(readCapture(name));
      if (!answer.ok || answer.value.document.kind !== 'instance') continue;
      const document = JSON.parse(answer.value.text) as object;
      if (!Object.hasOwn(document, 'listen_queue')) continue;
      // --stats-no-cores and the like are in the names of the captures.
      assertValid(document, 'uwsgi');
      checked++;
    }
    assert.ok(checked > 40, `${checked} captures`);
  });
});
