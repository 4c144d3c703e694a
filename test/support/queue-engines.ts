import assert from 'node:assert/strict';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { makeFolder } from './folder.js';
import { AT_REST, filesBelow } from './queue-world.js';
import { keysOfTasks, NO_REDIS, startRedis } from './redis.js';

/** A queue that may be made, with nothing in it. */
interface Site {
  /** As `--spooler` names it. */
  readonly place: string;
  /** Throws while something is left there of any task. */
  readonly mustRest: () => Promise<void>;
}

/** The engines that keep tasks: what one promises, the other does too. */
export const ENGINES: readonly {
  readonly name: string;
  readonly skip: string | false;
  readonly site: (t: TestContext) => Promise<Site>;
}[] = [
  {
    name: 'a folder',
    skip: false,
    site(t) {
      const place = path.join(makeFolder(t, {}), 'queue');
      const mustRest = (): Promise<void> => {
        assert.deepEqual(filesBelow(place), AT_REST);
        return Promise.resolve();
      };
      return Promise.resolve({ place, mustRest });
    },
  },
  {
    name: 'a Redis',
    skip: NO_REDIS,
    async site(t) {
      const redis = await startRedis(t);
      const mustRest = async (): Promise<void> => {
        assert.deepEqual(await keysOfTasks(redis), []);
      };
      return { place: redis.url('cats'), mustRest };
    },
  },
];
