import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PassThrough } from 'node:stream';
import { type LevelledLog, streamLog } from '../../../server/log.js';
import { readOptions } from '../../../shared/options.js';
import { type Configuration, createConfiguration } from '../../../server/master/configuration.js';
import { LOG_PROBLEMS } from '../../../server/problems/logs.js';
import { SOCKET_PROBLEMS } from '../../../server/problems/sockets.js';
import type { Reread } from '../../../server/options/reading.js';
import { type Options, OPTIONS } from '../../../server/options/table.js';

/** Options of an application that is there. */
function optionsOf(change: Partial<Options> = {}): Options {
  const read = readOptions(OPTIONS, []);
  if (!read.ok) assert.fail(read.error.join());
  return { ...read.value, module: 'package.json', 'http-socket': [':1'], ...change };
}

interface Scene {
  readonly configuration: Configuration;
  readonly log: LevelledLog;
  /** What the next reading gives. */
  says: ReturnType<Reread>;
  readonly grown: number[];
  /** What the log was told to be, as JSON or not. */
  readonly dressed: (boolean | null)[];
}

function scene(): Scene {
  const log = streamLog(new PassThrough());
  const grown: number[] = [];
  const dressed: Scene['dressed'] = [];
  const made: Scene = {
    ...{ log, grown, dressed, says: { ok: false, error: [] } },
    configuration: createConfiguration({
      ...{ log, options: optionsOf(), application: { folder: undefined } },
      reading: { again: () => made.says },
      follow: () => undefined,
      logFiles: { owner: null, isSuccessor: false, folder: '/' },
      logs: {
        apply(settings) {
          const isGone = settings?.loggers.some(({ kind }) => kind === 'fd') === true;
          if (isGone) return { ok: false, error: LOG_PROBLEMS.descriptorUnusable('fd:9', 'EBADF') };
          dressed.push(settings?.dress.json ?? null);
          return { ok: true, value: null };
        },
      },
      inner: {
        grow(workers) {
          grown.push(workers);
          const error = SOCKET_PROBLEMS.inUse('no room for a socket');
          return Promise.resolve(workers > 9 ? { ok: false, error } : { ok: true, value: null });
        },
      },
    }),
  };
  return made;
}

function saying(change: Partial<Options>): ReturnType<Reread> {
  return { ok: true, value: { options: optionsOf(change), files: ['/a.ini'], notes: [] } };
}

const RUNNING = { orders: [], startedAt: 0, chain: null, forced: 0 };

/** A reload begins and ends. */
function reloaded({ configuration }: Scene, state: 'done' | 'abandoned') {
  const lastReload = { state, replaced: 0, reason: 'it died', at: 0 };
  const begun = configuration.observe({ reload: RUNNING, lastReload });
  assert.equal(begun, null);
  return configuration.observe({ reload: null, lastReload });
}

describe('the configuration of a master', () => {
  test('takes what was read, with its log level', async () => {
    const all = scene();
    all.says = saying({ processes: 3, harakiri: 2, 'log-level': 'debug' });
    const event = await all.configuration.renew();
    if (event.type !== 'configured') assert.fail(event.problems.join());
    assert.deepEqual([event.workers, all.grown, all.log.level], [3, [3], 'debug']);
    assert.equal(all.configuration.options().harakiri, 2);
    assert.equal(reloaded(all, 'done'), null);
  });

  test('stays when something is missing on this machine', async () => {
    const all = scene();
    const says: readonly [Partial<Options>, RegExp][] = [
      [{ module: 'gone.js' }, /--module gone\.js: there is no file/],
      [{ 'check-static': ['/gone'] }, /\/gone/],
      [{ processes: 10 }, /no room for a socket/],
      [{ logger: ['fd:9'] }, /fd:9 cannot be used/],
    ];
    for (const [change, problem] of says) {
      all.says = saying(change);
      const event = await all.configuration.renew();
      assert.match(event.type === 'config-refused' ? event.problems.join() : '', problem);
    }
    assert.deepEqual(all.configuration.options(), optionsOf());
  });

  test('that an abandoned reload brought is given up for the one from before', async () => {
    const all = scene();
    all.says = saying({ harakiri: 2, 'log-level': 'debug', 'log-json': true });
    await all.configuration.renew();
    const event = reloaded(all, 'abandoned');
    assert.deepEqual(event?.changed, [
      'harakiri: 2 → 0',
      'log-json: on → off',
      'log-level: debug → info',
    ]);
    assert.deepEqual(all.dressed, [true, null]);
    assert.equal(event.problem, 'the reload was abandoned: it died');
    assert.deepEqual(all.configuration.options(), optionsOf());
    assert.equal(all.log.level, 'info');
    assert.equal(reloaded(all, 'abandoned'), null, 'nothing new was in the next one');
  });

  test('is read by one reload after the other', async () => {
    const all = scene();
    all.says = saying({ processes: 4 });
    const [first, second] = await Promise.all([
      all.configuration.renew(),
      all.configuration.renew(),
    ]);
    const changed = [first, second].map((event) => event.type === 'configured' && event.changed);
    assert.deepEqual(changed, [['processes: 1 → 4'], []]);
  });
});
