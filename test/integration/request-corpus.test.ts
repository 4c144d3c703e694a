import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { exchange } from '../support/exchange.js';
import { statusOf } from '../support/raw-request.js';
import { invalidRequests, validRequests } from '../support/request-corpus.js';
import { seeded } from '../support/seeded.js';
import { APPS, startServer, type TestServer } from '../support/server.js';

/** Every request of the corpus, through each front that takes bytes of HTTP, cut in each way. */

const INVALID = invalidRequests();
const VALID = validRequests();

/** What follows an invalid request must never be seen. */
const BEHIND = Buffer.from('GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');

/** How a request is cut into writes; `seed` is another one for each request. */
type Cut = (bytes: Buffer, seed: number) => Buffer[];

/** So many writes for a request are enough: of the large ones several bytes go together. */
const MOST_WRITES = 600;

const CUTS: Readonly<Record<string, Cut>> = {
  whole: (bytes) => [bytes],
  'byte by byte': (bytes) => pieces(bytes, () => Math.ceil(bytes.length / MOST_WRITES)),
  'in random pieces': (bytes, seed) => {
    const random = seeded(seed);
    return pieces(bytes, () => 1 + Math.floor(random.next() * Math.max(8, bytes.length / 20)));
  },
};

function pieces(bytes: Buffer, next: () => number): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = next();
    all.push(bytes.subarray(at, at + size));
    at += size;
  }
  return all;
}

/** Many at a time, in order. */
async function each<T>(all: readonly T[], act: (one: T, index: number) => Promise<void>) {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) await act(all[index]!, index);
  };
  await Promise.all(Array.from({ length: 16 }, lane));
}

function seenIn(answer: string): string {
  const seen = answer.matchAll(/^[A-Z]+ \S+ "(?:[^"\\]|\\.)*"$/gm);
  return [...seen].map(([line]) => line).join(' ');
}

/** An application that answers what it saw, behind one front. */
async function open(t: TestContext, front: '--http-socket' | '--http'): Promise<TestServer> {
  const args = [front, '127.0.0.1:0', '--module', path.join(APPS, 'echo.mjs'), '-p', '1', '-L'];
  const server = startServer(t, args);
  await server.ready();
  return server;
}

test('the corpus is as large as it is said to be', () => {
  assert.ok(INVALID.length >= 75 && INVALID.length + VALID.length >= 150);
  for (const { name, status } of INVALID) assert.ok(status >= 400, name);
  for (const { name, sees } of VALID) assert.ok(sees !== '', name);
});

for (const front of ['--http-socket', '--http'] as const) {
  describe(`through ${front}`, () => {
    for (const [how, cut] of Object.entries(CUTS)) {
      test(`every invalid request is refused ${how}, and nothing behind it is seen`, async (t) => {
        const server = await open(t, front);
        const port = await server.port();
        const wrong: string[] = [];
        await each(INVALID, async ({ name, status, bytes }, index) => {
          const answer = await exchange(
            { port, host: '127.0.0.1', noDelay: true },
            cut(Buffer.concat([bytes, BEHIND]), index),
          );
          const got = statusOf(answer);
          if (got !== status) wrong.push(`${name}: ${got} instead of ${status}`);
          if (answer.includes('/smuggled')) wrong.push(`${name}: what is behind it was seen`);
        });
        assert.deepEqual(wrong, []);
        await server.until('each to be counted once, by its reason', (stats) => {
          const { refused } = front === '--http' ? stats.routers[0]! : stats.workers[0]!;
          const sum = Object.values(refused).reduce((total, count) => total + count, 0);
          return (
            sum === INVALID.length && refused['malformed']! > 0 && refused['duplicate_host']! > 0
          );
        });
      });

      test(`every valid request is seen as it is, sent ${how}`, async (t) => {
        const server = await open(t, front);
        const port = await server.port();
        const wrong: string[] = [];
        await each(VALID, async ({ name, sees, bytes }, index) => {
          const answer = await exchange(
            { port, host: '127.0.0.1', noDelay: true },
            cut(bytes, index),
          );
          if (seenIn(answer) !== sees) wrong.push(`${name}: ${answer}`);
        });
        assert.deepEqual(wrong, []);
      });
    }
  });
}
