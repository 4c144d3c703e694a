import type { Json } from '../../shared/delta.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { DecodedDocument } from '../../shared/stats.js';
import type { Transport } from '../model/client-event.js';
import { systemClock, TIMING } from './clock.js';
import type { ClientOptions } from './create-client.js';
import { dialWithin } from './dial.js';
import type { Failure } from './failure.js';
import { keySource } from './key-file.js';
import { LiveConnection } from './live-connection.js';
import { poll } from './poll.js';
import type { Target } from './target.js';

/** A document for `--once` and `--json`, and to begin the others with. */
export interface Fetched {
  /** As served, made valid JSON where it was not. */
  readonly raw: string;
  readonly stats: Json;
  readonly transport: Transport;
  readonly document: DecodedDocument;
}

/** What `fetchOnce` takes of a client's options. */
export type FetchOptions = Pick<ClientOptions, 'clock' | 'timing' | 'keyFile' | 'env' | 'uid'> & {
  readonly signal?: AbortSignal;
};

/**
 * Fetches one document and leaves. A bare address that answers neither silence nor a request at
 * once is asked a second time, in the manner that the first attempt suggested. Never rejects; the
 * error is one sentence.
 */
export async function fetchOnce(
  target: Target,
  options: FetchOptions = {},
): Promise<Result<Fetched, Failure>> {
  if (target.kind === 'live') return fetchLive(target, options);
  const context = {
    clock: options.clock ?? systemClock,
    timing: { ...TIMING, ...options.timing },
    signal: options.signal ?? new AbortController().signal,
  };
  let polled = await poll(target, 'unknown', context);
  if (!polled.result.ok && !polled.result.error.unreachable && polled.manner === 'raw') {
    polled = await poll(target, 'raw', context);
  }
  const { result } = polled;
  if (!result.ok && result.error.isLocked === true) return fetchLive(target, options);
  if (!result.ok) return result;
  const { transport, answer } = result.value;
  return ok({ raw: answer.text, stats: answer.value, transport, document: answer.document });
}

async function fetchLive(target: Target, options: FetchOptions): Promise<Result<Fetched, Failure>> {
  const clock = options.clock ?? systemClock;
  const timing = { ...TIMING, ...options.timing };
  const signal = options.signal ?? new AbortController().signal;
  const limits = { clock, signal, deadlineMs: timing.handshake };
  const socket = await dialWithin(target, limits);
  if (!socket.ok) return socket;
  let problem: string | undefined;
  let fetched: { stats: Json; document: DecodedDocument } | undefined;
  const live: LiveConnection = new LiveConnection(target, socket.value, {
    clock,
    timing,
    keys: keySource(options),
    role: 'read',
    intervalMs: 1000,
    onEvent: (event) => {
      if (event.type === 'problem') {
        problem = event.message;
        live.close();
      }
      if (event.type !== 'document') return;
      fetched = { stats: event.stats, document: event.document };
      live.close();
    },
  });
  const abort = (): void => {
    live.close();
  };
  signal.addEventListener('abort', abort, { once: true });
  const end = await live.ended;
  signal.removeEventListener('abort', abort);
  if (fetched === undefined) {
    if (problem !== undefined) return err({ code: 'locked', message: problem });
    return err({ code: end.kind === 'refused' ? 'http' : 'timeout', message: end.message });
  }
  const { stats, document } = fetched;
  return ok({ raw: JSON.stringify(stats), stats, transport: 'live', document });
}
