import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { adoptSocket, claim } from '../../../server/master/upgrade/adopt.js';
import {
  HERITAGE_VARIABLE,
  type InheritedSocket,
  leave,
  MASTER_LINK_FD,
  takeHeritage,
} from '../../../server/master/upgrade/heritage.js';

const HTTP: InheritedSocket = {
  fd: 19,
  written: ':8000',
  name: '[::]:8000',
  kind: 'tcp',
  file: null,
};
const STATS: InheritedSocket = {
  fd: 21,
  written: './s.sock',
  name: './s.sock',
  kind: 'unix',
  file: '/srv/s.sock',
};
const all = (): boolean => true;

describe('what a master leaves', () => {
  test('arrives under the descriptors that the new process has', () => {
    const { descriptors, variable } = leave({ sockets: [HTTP], stats: [STATS] });
    assert.deepEqual(descriptors, [19, 21]);
    const env: NodeJS.ProcessEnv = { [HERITAGE_VARIABLE]: variable, HOME: '/' };
    assert.deepEqual(takeHeritage(env, all), {
      sockets: [{ ...HTTP, fd: MASTER_LINK_FD + 1 }],
      stats: [{ ...STATS, fd: MASTER_LINK_FD + 2 }],
    });
    assert.deepEqual(env, { HOME: '/' }, 'no worker sees it');
  });

  test('is nothing for a master that is the first', () => {
    assert.equal(takeHeritage({}, all), null);
  });

  test('is passed over where the descriptor is no socket', () => {
    const { variable } = leave({ sockets: [HTTP], stats: [STATS] });
    const taken = takeHeritage({ [HERITAGE_VARIABLE]: variable }, (fd) => fd === 5);
    assert.deepEqual(taken?.sockets, []);
    assert.equal(taken.stats.length, 1);
  });

  test('is never taken for what it is not, whatever the variable holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const env = { [HERITAGE_VARIABLE]: text };
        const taken = takeHeritage(env, all);
        assert.deepEqual(env, {});
        for (const { fd } of [...(taken?.sockets ?? []), ...(taken?.stats ?? [])]) {
          assert.ok(fd > MASTER_LINK_FD);
        }
      }),
    );
  });
});

describe('an inherited socket', () => {
  test('is claimed once, by the address as it was written', () => {
    const second = { ...HTTP, fd: 20, name: '127.0.0.1:8000' };
    const left = [HTTP, STATS, second];
    assert.deepEqual(claim(left, ':9999'), []);
    assert.deepEqual(claim(left, ':8000'), [HTTP, second]);
    assert.deepEqual(claim(left, ':8000'), []);
    assert.deepEqual(left, [STATS]);
  });

  test('answers the address that it was bound to', () => {
    const named = (name: string) => adoptSocket({ ...HTTP, name }).address;
    assert.deepEqual(named('[::]:8000'), { address: '::', family: 'IPv6', port: 8000 });
    assert.deepEqual(named('127.0.0.1:80'), { address: '127.0.0.1', family: 'IPv4', port: 80 });
    assert.equal(adoptSocket(STATS).address, './s.sock');
  });
});
