import path from 'node:path';
import type { TestContext } from 'node:test';
import { makeFolder } from './folder.js';
import { NO_REDIS, startRedis } from './redis.js';

/** The engines that keep tasks: what one promises, the other does too. */
export const ENGINES: readonly {
  readonly name: string;
  readonly skip: string | false;
  /** Where a queue may be made, as `--spooler` names it. */
  readonly place: (t: TestContext) => Promise<string>;
}[] = [
  {
    name: 'a folder',
    skip: false,
    place: (t) => Promise.resolve(path.join(makeFolder(t, {}), 'queue')),
  },
  { name: 'a Redis', skip: NO_REDIS, place: async (t) => (await startRedis(t)).url('cats') },
];
