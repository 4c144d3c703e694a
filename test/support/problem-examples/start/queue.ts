import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { QUEUE_PROBLEMS } from '../../../../server/problems/queue.js';
import { troubleOf } from '../../../../server/queue/folder/troubles.js';
import { openQueue } from '../../../../server/queue/open.js';
import { checkServer } from '../../../../server/queue/redis/connection.js';
import { loadRedisLibraries } from '../../../../server/queue/redis/libraries.js';
import { checkFormat } from '../../../../server/queue/redis/open.js';
import {
  PASSWORD_FILE_VARIABLE,
  readRedisPassword,
} from '../../../../server/queue/redis/password.js';
import { redisTrouble } from '../../../../server/queue/redis/troubles.js';
import { messageOf } from '../../../../shared/result.js';
import type { Problem } from '../../../../shared/problem.js';
import type { StartExample } from '../hold.js';
import { systemError } from './failed.js';

/** What is thrown where a queue is opened. */
async function thrown(act: () => unknown): Promise<readonly Problem[]> {
  try {
    await act();
    return [];
  } catch (error) {
    return [messageOf(error) as Problem];
  }
}

/** A folder `q` that somebody prepared. */
function folderAfter(
  prepare: (queue: string) => void,
  mustExist: boolean,
  ...names: StartExample['names']
): StartExample {
  const told: StartExample['told'] = (folder) => {
    const queue = path.join(folder, 'q');
    prepare(queue);
    return thrown(async () => {
      const opened = await openQueue(queue, { ordered: false, mustExist });
      await opened.close();
    });
  };
  return { told, names: ['queue ', '/q', ...names] };
}

function about(text: string): (queue: string) => void {
  return (queue) => {
    mkdirSync(queue);
    writeFileSync(path.join(queue, 'queue.json'), text);
  };
}

/** An error that cannot be had on every machine: its code is turned into the sentence. */
function byCode(code: string): StartExample {
  const trouble = () => {
    throw troubleOf('/srv/q', 'it cannot be opened', systemError(code));
  };
  return { told: () => thrown(trouble), names: ['queue /srv/q', code] };
}

function password(name: string): StartExample {
  const told: StartExample['told'] = (folder) => {
    writeFileSync(path.join(folder, 'empty'), '\n');
    const file = path.join(folder, name);
    return thrown(() => readRedisPassword({ [PASSWORD_FILE_VARIABLE]: file }));
  };
  return { told, names: [name] };
}

const REDIS = 'redis://shop:6379/0#tasks';

function redisSaying(info: string): StartExample {
  const client = { info: () => Promise.resolve(info) };
  return { told: () => thrown(() => checkServer(client, REDIS)), names: [REDIS] };
}

function redisHolding(format: string | null): StartExample {
  const client = { get: () => Promise.resolve(format) };
  const names = { format: 'tsuwsgi:format' };
  return { told: () => thrown(() => checkFormat(client, names, REDIS)), names: [REDIS] };
}

export const QUEUE_EXAMPLES: Readonly<Record<keyof typeof QUEUE_PROBLEMS, StartExample>> = {
  isFile: folderAfter((queue) => {
    writeFileSync(queue, '');
  }, false),
  isNone: folderAfter((queue) => {
    mkdirSync(queue);
  }, true),
  holdsOthers: folderAfter(
    (queue) => {
      mkdirSync(queue);
      writeFileSync(path.join(queue, 'thesis.txt'), '');
    },
    false,
    'thesis.txt',
  ),
  otherFormat: folderAfter(about('{"format": 9}'), false, '9'),
  aboutUnread: folderAfter(about('a poem'), false, 'queue.json'),
  full: byCode('ENOSPC'),
  quota: byCode('EDQUOT'),
  readOnly: byCode('EROFS'),
  notAllowed: byCode('EACCES'),
  refused: byCode('EIO'),
  passwordEmpty: password('empty'),
  passwordUnread: password('gone'),
  librariesMissing: {
    told: () => thrown(() => loadRedisLibraries(() => Promise.reject(systemError('MODULE')))),
    names: ['npm install bullmq'],
  },
  redisTooOld: redisSaying('redis_version:5.0.7\r\n'),
  redisForgets: redisSaying(
    'redis_version:7.0.0\r\nmaxmemory:100\r\nmaxmemory_policy:allkeys-lru\r\n',
  ),
  redisFails: {
    told: () =>
      thrown(() => {
        throw redisTrouble(REDIS, 'it cannot be opened', new Error('connect ECONNREFUSED'));
      }),
    names: [REDIS, 'ECONNREFUSED'],
  },
  redisNone: redisHolding(null),
  redisFormat: redisHolding('9'),
};
