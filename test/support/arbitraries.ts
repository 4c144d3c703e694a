import fc from 'fast-check';
import type { DecodedInstance, DecodedRouter, DecodedWorker } from '../../shared/stats.js';
import type { ClientEvent, DecodedDocument } from '../../top/model/client-event.js';
import { KEYMAP } from '../../top/model/keymap.js';
import type { Message } from '../../top/model/message.js';

/** Any text at all, lone surrogates included. */
export const anyText = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0x10_ffff)), { maxLength: 40 })
  .map((codes) => String.fromCodePoint(...codes));

/** Text as a hostile server could send it. */
export const hostileText = fc.oneof(
  anyText,
  fc.constantFrom('\u001b[2J', '\u009b31m', '\u202e\u2066', '猫😺e\u0301', '', 'x'.repeat(3000)),
);

/** Any number that a JSON document can hold. */
const hostileNumber = fc.oneof(
  fc.nat(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, 1e300, -1e300, 0.1),
);

const core = fc.record({
  id: hostileNumber,
  requests: fc.nat(),
  static_requests: fc.nat(),
  routed_requests: fc.nat(),
  offloaded_requests: fc.nat(),
  write_errors: fc.nat(),
  read_errors: fc.nat(),
  in_request: fc.constantFrom(0, 1),
  vars: fc.array(
    fc.oneof(
      hostileText,
      hostileText.map((text) => `REQUEST_URI=${text}`),
    ),
    { maxLength: 3 },
  ),
  req_info: fc.record({ request_start: hostileNumber }, { requiredKeys: [] }),
});

const latency = fc.record({
  count: fc.nat(),
  sum_us: fc.nat(),
  buckets: fc.uniqueArray(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 1000 })), {
    selector: ([bucket]) => bucket,
    maxLength: 6,
  }),
});

/** A worker as a decoder may pass it on: any field absent, any value extreme. */
export const anyWorker: fc.Arbitrary<DecodedWorker> = fc.record(
  {
    id: fc.oneof(fc.nat(6), hostileNumber),
    pid: fc.oneof(fc.nat(5), hostileNumber),
    status: fc.oneof(fc.constantFrom('idle', 'busy', 'cheap', 'pause', 'sig17'), hostileText),
    requests: hostileNumber,
    exceptions: hostileNumber,
    harakiri_count: hostileNumber,
    signals: hostileNumber,
    rss: hostileNumber,
    vsz: hostileNumber,
    running_time: hostileNumber,
    last_spawn: hostileNumber,
    respawn_count: hostileNumber,
    tx: hostileNumber,
    avg_rt: hostileNumber,
    cores: fc.array(core, { maxLength: 3 }),
    state: fc.constantFrom('starting', 'ready', 'draining', 'backoff', 'dead', 'cheap'),
    in_flight: hostileNumber,
    queue_depth: hostileNumber,
    cpu: fc.oneof(fc.constant(null), hostileNumber),
    stalled_ms: hostileNumber,
    latency,
    last_exit: fc.oneof(
      fc.constant(null),
      fc.record({
        pid: fc.nat(),
        code: fc.oneof(fc.constant(null), fc.nat()),
        signal: fc.oneof(fc.constant(null), hostileText),
        reason: hostileText,
        at: hostileNumber,
        stderr: fc.array(hostileText, { maxLength: 3 }),
      }),
    ),
    draining: fc.array(fc.record({ pid: fc.nat(), in_flight: fc.nat(), since: hostileNumber }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: ['id', 'pid', 'status'] },
);

/** An instance of anybody's making. */
export const anyInstance: fc.Arbitrary<DecodedInstance> = fc.record(
  {
    version: hostileText,
    listen_queue: hostileNumber,
    pid: fc.nat(3),
    sockets: fc.array(
      fc.record({
        name: hostileText,
        proto: hostileText,
        queue: hostileNumber,
        max_queue: hostileNumber,
        shared: fc.nat(),
        can_offload: fc.nat(),
      }),
      { maxLength: 2 },
    ),
    workers: fc.array(anyWorker, { maxLength: 8 }),
    server: hostileText,
    name: hostileText,
    hostname: hostileText,
    node: hostileText,
    boot_id: fc.constantFrom('a', 'b'),
    start_time: hostileNumber,
    time: hostileNumber,
    generation: hostileNumber,
    async: hostileNumber,
    reload: fc.record({
      state: fc.constantFrom('none', 'running', 'done', 'abandoned'),
      replaced: hostileNumber,
      total: hostileNumber,
      reason: hostileText,
      ended_at: hostileNumber,
    }),
    upgrade: fc.record({
      state: fc.constantFrom('none', 'running', 'done', 'abandoned'),
      reason: hostileText,
      ended_at: hostileNumber,
    }),
  },
  { requiredKeys: ['workers'] },
);

const anyNode = fc.record(
  {
    ...{ name: hostileText, requests: hostileNumber, tx: hostileNumber, load: hostileNumber },
    ...{ ref: hostileNumber, failcnt: hostileNumber, death_mark: hostileNumber },
    last_check: hostileNumber,
  },
  { requiredKeys: [] },
);

const anyRouter: fc.Arbitrary<DecodedRouter> = fc.record(
  {
    name: fc.constantFrom('http', 'fastrouter', 'router'),
    addresses: fc.array(hostileText, { maxLength: 3 }),
    ...{ version: hostileText, active_sessions: hostileNumber, cheap: hostileNumber },
    static_nodes: fc.array(fc.record({ name: hostileText, hits: hostileNumber }), { maxLength: 9 }),
    subscriptions: fc.array(
      fc.record({ key: hostileText, nodes: fc.array(anyNode, { maxLength: 9 }) }),
      { maxLength: 9 },
    ),
  },
  { requiredKeys: ['name', 'addresses'] },
);

/** A document of any kind, as a decoder may pass it on. */
export const anyDocument: fc.Arbitrary<DecodedDocument> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('instance' as const),
      instance: anyInstance,
      damaged: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('emperor' as const),
      emperor: fc.record({
        version: hostileText,
        pid: fc.nat(),
        emperor: fc.array(hostileText, { maxLength: 2 }),
        vassals: fc.array(fc.record({ id: hostileText, pid: hostileNumber }), { maxLength: 40 }),
      }),
      damaged: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('router' as const),
      router: anyRouter,
      damaged: fc.boolean(),
    }),
  },
);

const at = fc.nat(200_000);

const anyEvent: fc.Arbitrary<ClientEvent> = fc.oneof(
  fc.record({ type: fc.constant('connecting' as const), at }),
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('document' as const),
      at,
      transport: fc.constantFrom('raw', 'http', 'live'),
      document: anyDocument,
    }),
  },
  fc.record({ type: fc.constant('problem' as const), at, message: hostileText }),
  fc.record({
    type: fc.constant('disconnected' as const),
    at,
    message: hostileText,
    retryInMs: hostileNumber,
  }),
  fc.record({
    type: fc.constant('control' as const),
    at,
    control: fc.oneof(
      fc.constant({ available: true as const }),
      fc.record({ available: fc.constant(false as const), reason: hostileText }),
    ),
  }),
  fc.record({
    type: fc.constantFrom('reply' as const, 'outcome' as const),
    at,
    id: fc.nat(4),
    ok: fc.boolean(),
    code: fc.constantFrom('accepted', 'done', 'failed'),
    message: hostileText,
  }),
);

const everyKey = [
  ...KEYMAP.flatMap(({ keys }) => keys),
  ...['enter', 'tab', 'backtab', 'left', 'right', 'backspace', 'space', 'x', 'é', 'delete'],
];

/** Sizes from nothing to more than any screen. */
export const anySize = fc.record({
  width: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 400 })),
  height: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 120 })),
});

/** Anything that can happen to the dashboard. */
export const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  { weight: 6, arbitrary: anyEvent.map((event): Message => ({ type: 'client', event })) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('key' as const),
      at,
      key: fc.constantFrom(...everyKey),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('paste' as const), at, text: hostileText }),
  },
  { weight: 2, arbitrary: anySize.map((size): Message => ({ type: 'resize', ...size })) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('tick' as const), at, wallMs: hostileNumber }),
  },
);
