import type { Socket } from 'node:net';
import { formatAddress } from '../../shared/address.js';
import { decodeAnswer, type DecodedAnswer } from '../../shared/decode-stats.js';
import { SECRET_NOTE } from '../../shared/protocol.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Clock, Timing } from './clock.js';
import { dialWithin } from './dial.js';
import type { Failure, FailureCode } from './failure.js';
import { exchange, type Exchange, type Opening } from './exchange.js';
import { httpBody, httpRequest, looksLikeHttp } from './http-answer.js';
import type { Peer } from './steering/listeners.js';
import type { Target } from './target.js';

/**
 * What a server is known to want: silence (`raw`), a request (`http`), or not known yet. uWSGI
 * answers a request on a raw port with a reset, and silence on a --stats-http port with nothing.
 */
export type Manner = 'unknown' | 'raw' | 'http';

export interface PollAnswer {
  readonly transport: 'raw' | 'http';
  readonly answer: DecodedAnswer;
}

export interface PollFailure extends Failure {
  /** False: the server answered, with something that cannot be shown. */
  readonly unreachable: boolean;
  /** True: it is a tsuwsgi that shows its stats to who proves a key, which takes a live connection. */
  readonly isLocked?: boolean;
}

/** One poll's outcome, and how to begin the next. */
export interface Polled {
  readonly result: Result<PollAnswer, PollFailure>;
  readonly manner: Manner;
  /** Which socket answered; absent where the machine between cannot be told, as with TLS. */
  readonly peer?: Peer;
}

export interface PollContext {
  readonly clock: Clock;
  readonly timing: Timing;
  readonly signal: AbortSignal;
}

/** Asks for one document. Never rejects, and is bounded in time and size. */
export async function poll(target: Target, manner: Manner, context: PollContext): Promise<Polled> {
  const { clock, timing, signal } = context;
  const began = clock.now();
  const limits = { clock, signal, deadlineMs: timing.poll };
  const socket = await dialWithin(target, limits);
  if (!socket.ok) {
    return { result: err({ unreachable: true, ...socket.error }), manner: 'unknown' };
  }
  const peer = peerOf(target, socket.value);
  const done = await exchange(socket.value, opening(target, manner, timing), {
    ...limits,
    deadlineMs: Math.max(0, timing.poll - (clock.now() - began)),
  });
  return { ...judge(target, manner, done), ...(peer !== null && { peer }) };
}

/** Where a connection leads, as the kernel knows it: a name may have become any address. */
function peerOf({ address, tls }: Target, socket: Socket): Peer | null {
  if (tls !== undefined) return null;
  if (address.kind !== 'tcp') return address;
  const { remoteAddress: host, remotePort: port } = socket;
  return host === undefined || port === undefined ? null : { kind: 'tcp', host, port };
}

function opening(target: Target, manner: Manner, timing: Timing): Opening | null {
  const request = httpRequest(target.path, target.host);
  if (target.kind === 'http' || manner === 'http') return { request, afterMs: 0 };
  return manner === 'raw' ? null : { request, afterMs: timing.sniff };
}

/** What an exchange tells, and what it teaches about the server's manner. */
export function judge(target: Target, manner: Manner, done: Exchange): Polled {
  const silent = done.bytes.length === 0;
  if (done.ending === 'too-long') return unreadable('the answer is longer than any stats document');
  if (done.ending === 'deadline')
    return unreachable(silent ? 'does not answer' : 'does not finish');
  if (silent) {
    // A reset after we spoke may be a raw server that was slow: the next poll waits for it.
    const next = manner === 'unknown' && done.spoke ? 'raw' : 'unknown';
    if (target.kind !== 'http') return unreadable('the server sent an empty answer', next);
    return unreadable('the server does not speak HTTP here: leave out http://', 'unknown', 'raw');
  }
  if (looksLikeHttp(done.bytes)) {
    const body = httpBody(done.bytes);
    return body.ok ? read(body.value, 'http') : unreadable(body.error, 'http', 'http');
  }
  return read(done.bytes, 'raw');

  function unreachable(what: string): Polled {
    const message = `the server on ${formatAddress(target.address)} ${what}`;
    return { result: err({ unreachable: true, code: 'timeout', message }), manner: 'unknown' };
  }
}

const SECRET_BYTES = Buffer.from(SECRET_NOTE);

function unreadable(
  message: string,
  manner: Manner = 'unknown',
  code: FailureCode = 'foreign',
): Polled {
  return { result: err({ unreachable: false, code, message }), manner };
}

function read(bytes: Buffer, transport: 'raw' | 'http'): Polled {
  if (transport === 'raw' && bytes.subarray(0, SECRET_NOTE.length).equals(SECRET_BYTES)) {
    const message = `${SECRET_NOTE}: give it with --key-file`;
    const error = { unreachable: false, isLocked: true, code: 'locked', message } as const;
    return { result: err(error), manner: 'unknown' };
  }
  const answer = decodeAnswer(bytes);
  if (!answer.ok) {
    return unreadable(answer.error.message, transport, transport === 'http' ? 'http' : 'foreign');
  }
  return { result: ok({ transport, answer: answer.value }), manner: transport };
}
