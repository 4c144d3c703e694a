import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { InheritedSocket } from '../../../server/master/upgrade/heritage.js';
import {
  assignPassed,
  checkNamed,
  type PassedSocket,
  type WantedAddress,
} from '../../../server/systemd/assign.js';
import { passedName, takePassed } from '../../../server/systemd/passed.js';

const PID = 4711;

describe('what a service manager passes', () => {
  test('is taken out of the environment, with the names that it has', () => {
    const env = { LISTEN_PID: '4711', LISTEN_FDS: '3', LISTEN_FDNAMES: 'web::stats', HOME: '/' };
    assert.deepEqual(takePassed(env, PID), {
      descriptors: [
        { fd: 3, label: 'web' },
        { fd: 4, label: '' },
        { fd: 5, label: 'stats' },
      ],
      problem: null,
    });
    assert.deepEqual(env, { HOME: '/' }, 'no child sees it');
  });

  test('is nothing when the variables mean another process, and that is said', () => {
    const env = { LISTEN_PID: '12', LISTEN_FDS: '1' };
    const { descriptors, problem } = takePassed(env, PID);
    assert.deepEqual(descriptors, []);
    assert.equal(problem, 'LISTEN_PID="12" means another process, this one is 4711');
    assert.deepEqual(env, {});
    assert.deepEqual(takePassed({}, PID), { descriptors: [], problem: null });
  });

  test('is never more than it can be, whatever the variables hold', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (count, names) => {
        const env = { LISTEN_PID: String(PID), LISTEN_FDS: count, LISTEN_FDNAMES: names };
        const { descriptors } = takePassed(env, PID);
        assert.ok(descriptors.length <= 1000);
        assert.ok(descriptors.every(({ fd }, index) => fd === 3 + index));
      }),
    );
    for (const count of ['-1', '1001', '1e3', '', ' 2', '0x2']) {
      const { problem } = takePassed({ LISTEN_PID: String(PID), LISTEN_FDS: count }, PID);
      assert.match(problem!, /is no number of sockets \(0 to 1000\)$/);
    }
  });

  test('is named by fd://', () => {
    assert.equal(passedName('fd://web'), 'web');
    assert.equal(passedName('fd://3'), '3');
    assert.equal(passedName('127.0.0.1:80'), null);
    assert.equal(passedName('./fd.sock'), null);
  });
});

const WEB: PassedSocket = { fd: 3, label: 'web', kind: 'tcp', name: '[::]:8000' };
const API: PassedSocket = { fd: 4, label: 'api', kind: 'unix', name: '/run/shop/api.sock' };
const BARE: PassedSocket = { fd: 5, label: '', kind: 'tcp', name: '127.0.0.1:9191' };
const ALL = [WEB, API, BARE];

function wanted(address: string, isStats = false): WantedAddress {
  return { option: `--http-socket ${address}`, written: address, address, isStats };
}

function given(...options: readonly WantedAddress[]): (readonly [string, number])[] {
  const { sockets, stats } = assignPassed(ALL, options);
  return [...sockets, ...stats].map(({ written, fd }) => [written, fd] as const);
}

describe('a passed socket', () => {
  test('goes to the option that names it', () => {
    assert.deepEqual(given(wanted('fd://api'), wanted('fd://5')), [
      ['fd://api', 4],
      ['fd://5', 5],
    ]);
  });

  test('goes to the option that asks for its address, however that is written', () => {
    for (const [address, fd] of [
      [':8000', 3],
      ['8000', 3],
      ['[::]:8000', 3],
      ['[0:0::0]:8000', 3],
      ['/run/shop/../shop/api.sock', 4],
      ['127.0.0.1:9191', 5],
      ['localhost:9191', 5],
    ] as const) {
      assert.deepEqual(given(wanted(address)), [[address, fd]], address);
    }
    assert.deepEqual(given(wanted('127.0.0.1:8000'), wanted(':0'), wanted('./api.sock')), []);
  });

  test('of the stats port is that of the loopback, and is told apart', () => {
    const { sockets, stats } = assignPassed(ALL, [wanted(':9191', true), wanted('fd://web')]);
    assert.deepEqual(
      [sockets, stats].map((list) => list.map(({ fd }) => fd)),
      [[3], [5]],
    );
  });

  test('keeps its file, which is the service manager’s', () => {
    const expected: InheritedSocket = {
      ...{ fd: 4, kind: 'unix', name: '/run/shop/api.sock', written: 'fd://api', file: null },
    };
    assert.deepEqual(assignPassed(ALL, [wanted('fd://api')]).sockets, [expected]);
  });

  test('that nobody asks for is told', () => {
    assert.deepEqual(assignPassed(ALL, [wanted('fd://api')]).unwanted, [WEB, BARE]);
  });

  test('that is asked for and was not passed is an error with the passed ones and the remedy', () => {
    const options = [wanted('fd://wbe')];
    const { sockets } = assignPassed(ALL, options);
    const checked = checkNamed(options, sockets, { sockets: ALL, problem: null });
    assert.ok(!checked.ok);
    assert.equal(
      checked.error,
      '--http-socket fd://wbe: there is no passed socket fd://wbe, or another option has it; passed were fd://web (descriptor 3, [::]:8000), fd://api (descriptor 4, /run/shop/api.sock), fd://5 (descriptor 5, 127.0.0.1:9191): write one of these, or name it with FileDescriptorName= in the .socket unit',
    );
    const none = checkNamed(options, [], { sockets: [], problem: null });
    assert.ok(!none.ok);
    assert.equal(
      none.error,
      '--http-socket fd://wbe: no socket was passed to this process (LISTEN_FDS is not set): let a .socket unit start it, or write an address',
    );
  });
});
