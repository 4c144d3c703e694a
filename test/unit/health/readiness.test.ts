import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readiness } from '../../../server/health/readiness.js';
import type {
  HttpRouterStats,
  LastExit,
  SpoolerStats,
  WorkerStats,
} from '../../../shared/stats.js';
import { worker } from '../../support/stats-builder.js';

const APP = { id: 0, modifier1: 0, mountpoint: '', startup_time: 1, requests: 0, exceptions: 0 };
const CRASH: LastExit = { pid: 9, code: 1, signal: null, reason: 'crash', at: 1, stderr: [] };

function serving(id: number, change: Partial<WorkerStats> = {}): WorkerStats {
  return worker(id, { apps: [{ ...APP, chdir: '/' }], ...change });
}

function absent(id: number, state: WorkerStats['state'], exit: LastExit | null = CRASH) {
  return worker(id, { state, accepting: 0, pid: state === 'starting' ? 7 : 0, last_exit: exit });
}

const starting = (id: number) => absent(id, 'starting', null);

const READY: readonly (readonly [string, readonly WorkerStats[], string])[] = [
  ['all workers accept', [serving(1), serving(2)], 'ready: 2 of 2 workers accept'],
  ['one of many accepts', [serving(1), absent(2, 'backoff')], 'ready: 1 of 2 workers accept'],
  [
    'one is stalled and another is not',
    [serving(1, { stalled_ms: 5000 }), serving(2)],
    'ready: 1 of 2 workers accept',
  ],
  ['a loop pauses shortly', [serving(1, { stalled_ms: 400 })], 'ready: 1 of 1 workers accept'],
  [
    'the others are not wanted now',
    [serving(1), absent(2, 'cheap')],
    'ready: 1 of 1 workers accept',
  ],
];

for (const [when, workers, line] of READY) {
  test(`it is ready when ${when}`, () => {
    assert.deepEqual(readiness({ workers: [...workers], routers: [], spoolers: [] }, false), {
      ready: true,
      line,
    });
  });
}

const NOT_READY: readonly (readonly [string, readonly WorkerStats[], RegExp])[] = [
  ['the first processes load', [starting(1), starting(2)], /^starting: none of 2 workers/],
  ['nothing was spawned yet', [absent(1, 'dead', null)], /^starting: /],
  [
    'it is paused',
    [serving(1, { accepting: 0, status: 'pause' })],
    /^paused: .* until they are told to go on$/,
  ],
  [
    'every loop is blocked',
    [serving(1, { stalled_ms: 1000 }), serving(2, { stalled_ms: 12_300 })],
    /^stalled: the event loops of all 2 workers .* one for 12\.3 s$/,
  ],
  ['the application did not load', [worker(1, { apps: [] })], /^no application: .* 500$/],
  [
    'every process dies again and again',
    [absent(1, 'backoff'), absent(2, 'starting'), absent(3, 'backoff')],
    /^no worker accepts: 2 backoff, 1 starting$/,
  ],
  ['all drain', [absent(1, 'draining')], /^no worker accepts: 1 draining$/],
  ['there is no worker', [], /^no worker accepts: none is wanted$/],
];

for (const [when, workers, line] of NOT_READY) {
  test(`it is not ready when ${when}, and says so in one line`, () => {
    const decided = readiness({ workers: [...workers], routers: [], spoolers: [] }, false);
    assert.equal(decided.ready, false);
    assert.match(decided.line, line);
    assert.doesNotMatch(decided.line, /\n/);
  });
}

test('it is not ready while it stops, even if a worker still accepts', () => {
  const decided = readiness({ workers: [serving(1)], routers: [], spoolers: [] }, true);
  assert.equal(decided.ready, false);
  assert.match(decided.line, /^stopping: /);
});

type BackEndState = HttpRouterStats['backends'][number]['state'];

function router(state: HttpRouterStats['state'], behind: readonly BackEndState[] = []) {
  const figures = { address: 'http://a:80', in_flight: 0, requests: 0, errors: 0 };
  const backends = behind.map((each) => ({ ...figures, state: each }));
  return { state, accepting: state === 'ready' ? 1 : 0, backends };
}

const ROUTERS: readonly (readonly [string, readonly HttpRouterStats['state'][], string])[] = [
  ['one of two routers listens', ['backoff', 'ready'], 'ready: 1 of 1 workers accept'],
  ['the only router starts', ['starting'], 'no router accepts: 1 starting'],
  ['every router is gone', ['dead', 'dead'], 'no router accepts: 2 dead'],
];

for (const [when, states, line] of ROUTERS) {
  test(`behind --http, when ${when}, it says "${line}"`, () => {
    const routers = states.map((state) => router(state));
    const decided = readiness({ workers: [serving(1)], routers, spoolers: [] }, false);
    assert.deepEqual(decided, { ready: line.startsWith('ready'), line });
  });
}

type RouterServed = Parameters<typeof readiness>[0]['routers'][number];

const ALONE: readonly (readonly [string, readonly RouterServed[], string])[] = [
  ['it listens', [router('ready', ['up', 'down'])], 'ready: 1 of 1 routers accept'],
  [
    'one of two listens, and its back end may be back',
    [router('ready', ['trying']), router('dead')],
    'ready: 1 of 2 routers accept; no back end is known to be up, the next request finds out',
  ],
  [
    'all back ends are down',
    [router('ready', ['down', 'down'])],
    'no back end can be reached: all 2 are down',
  ],
  [
    'it is paused',
    [{ ...router('ready', ['up']), accepting: 0 }],
    'paused: the routers accept nothing until they are told to go on',
  ],
  ['it starts', [router('starting')], 'no router accepts: 1 starting'],
];

for (const [when, routers, line] of ALONE) {
  test(`of a router without workers, when ${when}, it says "${line}"`, () => {
    const decided = readiness({ workers: [], routers, spoolers: [] }, false);
    assert.deepEqual(decided, { ready: line.startsWith('ready'), line });
  });
}

test('where spoolers are all there is, it is ready while one of them runs tasks', () => {
  const spooling = (...states: readonly SpoolerStats['state'][]) =>
    readiness({ workers: [], routers: [], spoolers: states.map((state) => ({ state })) }, false);
  assert.deepEqual(spooling('ready', 'backoff'), {
    ready: true,
    line: 'ready: 1 of 2 spoolers run tasks',
  });
  assert.deepEqual(spooling('backoff', 'starting', 'backoff'), {
    ready: false,
    line: 'no spooler runs tasks: 2 backoff, 1 starting',
  });
});

test('beside workers, spoolers do not decide', () => {
  const spoolers = [{ state: 'backoff' as const }];
  assert.equal(readiness({ workers: [serving(1)], routers: [], spoolers }, false).ready, true);
});
