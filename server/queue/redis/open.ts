import { setTimeout as pause } from 'node:timers/promises';
import type { Queue } from '../contract.js';
import { QUEUE_PROBLEMS } from '../../problems/queue.js';
import { QueueError } from '../queue-error.js';
import type { QueueSettings } from '../settings.js';
import { parseRedisAddress, withoutPassword } from './address.js';
import { createAdmin } from './admin.js';
import { createBell } from './bell.js';
import {
  AGAIN_MS,
  checkServer,
  connect,
  type Connection,
  type Login,
  loginOf,
  PATIENCE_MS,
} from './connection.js';
import { type Consumer, createConsumer } from './consumer.js';
import { createCounts } from './counts.js';
import { loadRedisLibraries, type RedisLibraries } from './libraries.js';
import { createHolders } from './machine.js';
import { type Names, namesOf } from './names.js';
import { readRedisPassword } from './password.js';
import { createPut } from './put.js';
import { isAnswer, redisTrouble } from './troubles.js';

/** The version of what is written into the Redis. */
const FORMAT = '1';

/** BullMQ keeps a stream of what happened, for others who listen. */
const MOST_EVENTS = 100;

/**
 * Opens the queue in a Redis, which is made where it is missing, unless told otherwise. Any number of
 * processes of any number of machines may have it open.
 */
export async function openRedisQueue(
  text: string,
  { mustExist = false }: Pick<QueueSettings, 'mustExist'> = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Queue> {
  const address = parseRedisAddress(text);
  if (!address.ok)
    throw new QueueError('invalid', `queue ${withoutPassword(text)}: ${address.error}`);
  const login = loginOf(address.value, readRedisPassword(env));
  const libraries = await loadRedisLibraries();
  const connection = connect(libraries, login);
  try {
    const names = namesOf(address.value.queue);
    await connection.during(() => check(connection, names, address.value.text, mustExist));
    return createQueue({ text: address.value.text, libraries, connection, login, names });
  } catch (error) {
    connection.close();
    throw redisTrouble(address.value.text, 'it cannot be opened', error);
  }
}

/** Waits for the Redis, again where it goes meanwhile, and refuses it where it cannot keep the queue. */
async function check(
  connection: Connection,
  names: Names,
  queue: string,
  mustExist: boolean,
): Promise<void> {
  const { client } = connection;
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    await connection.ready(until);
    try {
      await checkServer(client, queue);
      if (!mustExist) await client.setnx(names.format, FORMAT);
      await checkFormat(client, names, queue);
      return;
    } catch (error) {
      const isTold = error instanceof QueueError || isAnswer(error);
      if (isTold || performance.now() >= until) throw error;
      await pause(AGAIN_MS);
    }
  }
}

/** Refuses what is no queue, and what another version has written. */
export async function checkFormat(
  client: { get(key: string): Promise<string | null> },
  names: Pick<Names, 'format'>,
  queue: string,
): Promise<void> {
  const format = await client.get(names.format);
  if (format === FORMAT) return;
  if (format === null) {
    throw new QueueError('not a queue', QUEUE_PROBLEMS.redisNone(queue));
  }
  throw new QueueError('format', QUEUE_PROBLEMS.redisFormat(queue, format, FORMAT));
}

interface Parts {
  readonly text: string;
  readonly libraries: RedisLibraries;
  readonly connection: Connection;
  readonly login: Login;
  readonly names: Names;
}

function createQueue({ text, libraries, connection, login, names }: Parts): Queue {
  const { client } = connection;
  const holders = createHolders();
  const bull = new libraries.bullmq.Queue(names.queue, {
    connection: client,
    prefix: names.prefix,
    skipVersionCheck: true,
    streams: { events: { maxLen: MOST_EVENTS } },
  });
  bull.on('error', () => undefined);
  const bell = createBell({ client, channel: names.bell, look: () => queue.recover() });
  const consuming = createLater(() =>
    createConsumer({ libraries, connection, login, names, holders, bell }),
  );
  const put = createPut({ libraries, connection, bull, names, owner: holders.self });
  const counts = createCounts(client, names);
  const admin = createAdmin({ libraries, client, bull, names, ring: bell.ring });
  let isClosed = false;

  const attempt = async <T>(doing: string, act: () => Promise<T>): Promise<T> => {
    if (isClosed) throw new QueueError('closed', `queue ${text}: it was closed: open it again`);
    try {
      return await connection.during(act);
    } catch (error) {
      throw redisTrouble(text, doing, error);
    }
  };
  const ask = <T>(doing: string, act: () => Promise<T>): Promise<T> =>
    attempt(doing, () => {
      connection.require();
      return act();
    });
  const consume = <T>(doing: string, act: (consumer: Consumer) => Promise<T>): Promise<T> =>
    ask(doing, async () => act(await consuming.get()));

  const queue: Queue = {
    put: (order) => attempt('a task cannot be put in', () => put(order)),
    claim: () => consume('no task can be claimed', (consumer) => consumer.claim()),
    settle: (task, outcome) =>
      consume(`task ${task.id} cannot be settled`, (consumer) => consumer.settle(task, outcome)),
    recover: () =>
      consume('what dead processes left cannot be taken up', (consumer) => consumer.recover()),
    watch: bell.watch,
    counts: () => ask('its tasks cannot be counted', counts),
    list: (...asked) => ask('its tasks cannot be listed', () => admin.list(...asked)),
    show: (id) => ask(`task ${id} cannot be shown`, () => admin.show(id)),
    retry: (id) => ask(`task ${id} cannot be retried`, () => admin.retry(id)),
    drop: (id) => ask(`task ${id} cannot be dropped`, () => admin.drop(id)),
    pause: (isPaused) =>
      ask(`it cannot be ${isPaused ? 'paused' : 'resumed'}`, () => admin.pause(isPaused)),
    async close() {
      isClosed = true;
      bell.close();
      await consuming.close();
      await bull.close().catch(() => undefined);
      connection.close();
    },
  };
  return queue;
}

/** Something that is made when it is first needed, and anew where that failed. */
interface Later<T> {
  readonly get: () => Promise<T>;
  close(): Promise<void>;
}

function createLater<T extends { close(): Promise<void> }>(make: () => Promise<T>): Later<T> {
  let made: Promise<T> | null = null;
  return {
    get() {
      const making = (made ??= make());
      making.catch(() => {
        if (made === making) made = null;
      });
      return making;
    },
    async close() {
      await (await made?.catch(() => undefined))?.close();
    },
  };
}
