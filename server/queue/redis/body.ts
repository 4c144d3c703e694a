import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { messageOf } from '../../../shared/result.js';
import { MOST_BODY, type TaskOrder } from '../contract.js';
import { QueueError } from '../queue-error.js';
import { AGAIN_MS, type Connection, PATIENCE_MS } from './connection.js';
import { isAnswer, textOf } from './troubles.js';

/** Bytes of a body that go over the connection at once; other commands pass in between. */
const CHUNK = 1024 * 1024;

/** What was written by a producer that died before its task was put in is gone after this. */
const ABANDONED_S = 3600;

/** Writes a body as a list of chunks, to be removed by itself unless it is kept; its length. */
export async function writeBody(
  client: Redis,
  key: string,
  body: NonNullable<TaskOrder['body']>,
): Promise<number> {
  const source = Buffer.isBuffer(body) ? [body] : told(body);
  let length = 0;
  for await (const bytes of source) {
    length += bytes.length;
    if (length > MOST_BODY) {
      throw new QueueError('too large', `a body of more than ${MOST_BODY} bytes: no more fit`);
    }
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const chunk = bytes.subarray(at, at + CHUNK);
      succeed(await client.multi().rpush(key, chunk).expire(key, ABANDONED_S).exec());
    }
  }
  // A list without anything in it is none.
  if (length === 0) succeed(await client.multi().rpush(key, '').expire(key, ABANDONED_S).exec());
  return length;
}

/** The bytes of a stream, of which an error is told as its own. */
async function* told(body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const bytes of body as AsyncIterable<Buffer | string>) yield Buffer.from(bytes);
  } catch (error) {
    const what = `the stream of a body failed: ${messageOf(error)}: nothing was put in`;
    throw new QueueError('body', what, error);
  }
}

/** The results of a transaction; throws what one of its commands answered. */
export function succeed(results: [Error | null, unknown][] | null): unknown[] {
  if (results === null) throw new Error('Redis has given the transaction up');
  return results.map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  });
}

/** The bytes of a body, as they are asked for; it waits for a Redis that is away. */
export function readBody(connection: Connection, key: string, length: number): Readable {
  const read = async function* (): AsyncGenerator<Buffer> {
    let told = 0;
    for (let index = 0; told < length; index++) {
      const chunk = await readChunk(connection, key, index);
      if (chunk === undefined) {
        throw new QueueError('body', `of the ${length} bytes of a body only ${told} are in Redis`);
      }
      told += chunk.length;
      yield chunk;
    }
  };
  return Readable.from(read(), { objectMode: false });
}

async function readChunk(
  { client, ready, during }: Connection,
  key: string,
  index: number,
): Promise<Buffer | undefined> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await ready(until);
      return (await during(() => client.lrangeBuffer(key, index, index)))[0];
    } catch (error) {
      if (isAnswer(error) || performance.now() >= until) {
        throw new QueueError('io', `a body cannot be read: ${textOf(error)}`);
      }
      await pause(AGAIN_MS);
    }
  }
}
