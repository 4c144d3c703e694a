import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, test } from 'node:test';
import { findFarewell } from '../../../server/worker/application/farewell.js';
import { sayFarewell } from '../../../server/worker/farewell.js';

/** Says goodbye to an application, and tells in which order what happened. */
async function part(
  close: ((log: string[]) => unknown) | undefined,
  ...terminators: readonly ((log: string[]) => unknown)[]
): Promise<{ log: string[]; said: string[] }> {
  const log: string[] = [];
  const said: string[] = [];
  await sayFarewell({
    close: close === undefined ? undefined : () => close(log),
    terminators: () => terminators.map((listener) => () => listener(log)),
    say: (line) => said.push(line),
    quiet: () => {
      log.push('quiet');
      return Promise.resolve();
    },
  });
  return { log, said };
}

const later = (log: string[], what: string): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(() => {
      log.push(what);
      resolve();
    });
  });

describe('the farewell of an application', () => {
  test('awaits what it exported, then calls its SIGTERM listeners and awaits them', async () => {
    const { log, said } = await part(
      (to) => later(to, 'closed'),
      (to) => later(to, 'terminated'),
    );
    assert.deepEqual([log, said], [['closed', 'terminated'], []]);
  });

  test('is over at once for one that has nothing to do', async () => {
    assert.deepEqual((await part(undefined)).log, []);
  });

  test('waits for quiet when a SIGTERM listener gave nothing to wait for', async () => {
    const { log } = await part(undefined, (to) => void to.push('begun'));
    assert.deepEqual(log, ['begun', 'quiet']);
  });

  test('that throws is said, and goes on', async () => {
    const { log, said } = await part(
      () => {
        throw new Error('no close');
      },
      async () => {
        await Promise.resolve();
        throw new Error('no goodbye');
      },
      (to) => later(to, 'terminated'),
    );
    assert.deepEqual(log, ['terminated']);
    assert.match(said[0] ?? '', /^the application failed to close: Error: no close\n {4}at /);
    assert.match(said[1] ?? '', /^the application's SIGTERM listener failed: Error: no goodbye\n/);
  });
});

describe('what an application has prepared for its end', () => {
  const shout = (word: string) => (): string => word;

  test('is found by name in the module, then in what it exports as default', () => {
    const cases: readonly [object, string | undefined][] = [
      [{ close: shout('close'), shutdown: shout('shutdown') }, 'close'],
      [{ shutdown: shout('shutdown'), default: { close: shout('inner') } }, 'shutdown'],
      [{ default: { fetch: shout('fetch'), shutdown: shout('inner') } }, 'inner'],
      [{ default: Object.assign(shout('app'), { close: shout('function') }) }, 'function'],
      [{ close: true, default: null }, undefined],
      [{ default: {} }, undefined],
    ];
    for (const [namespace, word] of cases) {
      assert.equal(findFarewell(namespace, undefined)?.(), word);
    }
  });

  test('is called as a method, so that it finds what it belongs to', () => {
    class App {
      readonly word = 'mine';
      close(): string {
        return this.word;
      }
    }
    assert.equal(findFarewell({ default: new App() }, undefined)?.(), 'mine');
  });

  test('is not the close() of a server, which is closed already', () => {
    assert.equal(findFarewell({ default: http.createServer() }, undefined), undefined);
  });

  test("is Fastify's close() where nothing else is exported", () => {
    const method = shout('');
    const server = http.createServer();
    const fastify = { ready: method, routing: method, listen: method, server };
    const app = { ...fastify, close: shout('fastify') };
    assert.equal(findFarewell(undefined, app)?.(), 'fastify');
    assert.equal(findFarewell({ app }, undefined)?.(), 'fastify', 'one that listens by itself');
    assert.equal(findFarewell({ default: app }, undefined)?.(), 'fastify');
    assert.equal(findFarewell({ app, close: shout('own') }, app)?.(), 'own');
  });
});
