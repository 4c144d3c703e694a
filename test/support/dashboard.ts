import type { DecodedInstance, Latency, StatsDocument } from '../../shared/stats.js';
import type { ClientEvent, DecodedDocument } from '../../top/model/client-event.js';
import type { Effect, Message } from '../../top/model/message.js';
import { initialModel } from '../../top/model/initial.js';
import { type Model } from '../../top/model/model.js';
import { update } from '../../top/model/update.js';
import { busyCore, idleCore, instance, latencyOf, NOW, worker } from './stats-builder.js';

/** A model and everything it asked for so far. */
export interface Played {
  readonly model: Model;
  readonly effects: readonly Effect[];
}

/** Feeds messages to a model in order. */
export function play(model: Model, messages: readonly Message[]): Played {
  const effects: Effect[] = [];
  let current = model;
  for (const message of messages) {
    const [next, wanted] = update(current, message);
    current = next;
    effects.push(...wanted);
  }
  return { model: current, effects };
}

export function start(width = 80, height = 24, ascii = false): Model {
  return initialModel({ address: 'localhost:9191', intervalMs: 1000, ascii, width, height });
}

export const client = (event: ClientEvent): Message => ({ type: 'client', event });
export const key = (name: string, at = 0): Message => ({ type: 'key', at, key: name });
export const keys = (...names: readonly string[]): Message[] => names.map((name) => key(name));
/** The keys that type a text. */
export const typed = (text: string): string[] => Array.from(text);
export const tick = (at: number): Message => ({ type: 'tick', at, wallMs: NOW * 1000 + at });

/** A document's arrival. */
export function arrival(at: number, document: DecodedDocument): Message {
  return client({ type: 'document', at, transport: 'live', document });
}

export function instanceAt(at: number, document: DecodedInstance, damaged = false): Message {
  return arrival(at, { kind: 'instance', instance: document, damaged });
}

export const operate: Message = client({ type: 'control', at: 0, control: { available: true } });

/** Requests a worker has answered by then: the sum of a rate that swings and never stops. */
function grownBy(second: number, id: number): number {
  let sum = 0;
  for (let turn = 1; turn <= second; turn++) {
    sum += Math.round(97 + 40 * Math.sin(turn / 9) + 30 * Math.sin(turn / 2 + id));
  }
  return sum;
}

/** The same thirty requests in every second. */
function latencyAfter(second: number): Latency {
  const each = latencyOf(...LATENCIES);
  const times = second + 1;
  return {
    count: each.count * times,
    sum_us: each.sum_us * times,
    buckets: each.buckets.map(([bucket, number]) => [bucket, number * times]),
  };
}

/** Twelve workers of a shop in full swing; worker 3 gets `third`. */
export function busyShop(second: number, third: Parameters<typeof worker>[1] = {}): StatsDocument {
  const grown = (id: number): number => grownBy(second, id);
  const workers = Array.from({ length: 12 }, (_, index) => {
    const id = index + 1;
    const busy = id % 3 === 1;
    return worker(id, {
      requests: 100_000 + id * 1117 + grown(id),
      tx: 812_000_000 + id * 1e6 + grown(id) * 2600,
      status: busy ? 'busy' : 'idle',
      in_flight: busy ? 2 : 0,
      cpu: busy ? 61 : 12,
      exceptions: id % 5 === 0 ? 3 : 0,
      latency: latencyAfter(second),
      cores: busy
        ? [
            busyCore(0, 'GET', '/cats/siamese.svg', 0.2 - second),
            busyCore(1, 'POST', '/slow?s=3', 2.1 - second),
          ]
        : [idleCore(0)],
    });
  }).map((one) => {
    if (one.id === 3) return { ...one, ...third };
    if (one.id === 12) return { ...one, ...CHEAP };
    return one;
  });
  return instance(workers, { time: NOW + second });
}

/** One of thirty is slow, two are so-so. */
const LATENCIES = [...Array.from({ length: 27 }, (_, turn) => 2.8 + (turn % 5) / 5), 18, 21, 74];

const CHEAP = {
  pid: 0,
  status: 'cheap',
  rss: 0,
  vsz: 0,
  cpu: null,
  last_spawn: 0,
  in_flight: 0,
  cores: [],
} satisfies Parameters<typeof worker>[1];

/** The shop after some seconds, as a dashboard of this size has come to know it. */
export function busyModel(
  width: number,
  height: number,
  options: { third?: Parameters<typeof worker>[1]; seconds?: number; ascii?: boolean } = {},
): Model {
  const { third = {}, seconds = 60, ascii = false } = options;
  const messages: Message[] = [tick(1), operate];
  for (let second = 0; second <= seconds; second++) {
    messages.push(instanceAt(second * 1000 + 1, busyShop(second, third)));
  }
  messages.push(tick(seconds * 1000 + 401));
  return play(start(width, height, ascii), messages).model;
}

/** What worker 3 looks like when its loop is blocked. */
export const STUCK = {
  status: 'busy',
  stalled_ms: 8412,
  in_flight: 12,
  queue_depth: 9,
  requests: 98_120,
  tx: 790_000_000,
  cpu: 100,
  harakiri_count: 1,
  exceptions: 4,
  rss: 402 * 1024 * 1024,
  cores: [busyCore(0, 'GET', '/block?s=30', 8.5 - 60)],
} satisfies Parameters<typeof worker>[1];
