import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isLoopback,
  tcpListeners,
  unixListeners,
} from '../../../../top/client/steering/listeners.js';

const row = (local: string, state: string, inode: number): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0 100 0 0 10 0`;

const TCP = [
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  row('0100007F:23E7', '0A', 101),
  row('0100007F:23E7', '01', 102),
  row('0200007F:23E7', '0A', 103),
  row('00000000:23E7', '0A', 104),
  row('0100007F:23E8', '0A', 105),
  row('0100007F:23E7', '0A', 0),
].join('\n');

const TCP6 = [
  row('00000000000000000000000001000000:23E7', '0A', 201),
  row('00000000000000000000000000000000:23E7', '0A', 202),
  row('0000000000000000FFFF00000100007F:23E7', '0A', 203),
].join('\n');

test('every socket that may have accepted a loopback connection is found', () => {
  const peer = { host: '127.0.0.1', port: 9191 };
  assert.deepEqual(tcpListeners([TCP, TCP6], peer), ['101', '104', '202', '203']);
  assert.deepEqual(tcpListeners([TCP, TCP6], { ...peer, host: '::ffff:127.0.0.1' }), [
    ...['101', '104', '202', '203'],
  ]);
  assert.deepEqual(tcpListeners([TCP, TCP6], { ...peer, host: '::1' }), ['201', '202']);
});

test('an address that another machine may answer at has no listeners', () => {
  assert.deepEqual(tcpListeners([TCP, TCP6], { host: '10.0.0.1', port: 9191 }), []);
  assert.equal(isLoopback('127.9.8.7'), true);
  assert.equal(isLoopback('::1'), true);
  assert.equal(isLoopback('::'), false);
  assert.equal(isLoopback('128.0.0.1'), false);
  assert.equal(isLoopback('localhost.example.com'), false);
});

test('of unix sockets only those count that listen under a name', () => {
  const table = [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '0000000085d21b14: 00000002 00000000 00010000 0001 01 301 /run/a b.sock',
    '0000000085d21b14: 00000003 00000000 00000000 0001 03 302 /run/a b.sock',
    '0000000085d21b14: 00000002 00000000 00010000 0001 01 303 @name@',
    '0000000085d21b14: 00000002 00000000 00000000 0002 01 304 /run/datagram',
    '0000000085d21b14: 00000003 00000000 00000000 0001 03 305',
  ].join('\n');
  assert.deepEqual(unixListeners(table), [
    { inode: '301', path: '/run/a b.sock' },
    { inode: '303', path: '@name@' },
  ]);
});
