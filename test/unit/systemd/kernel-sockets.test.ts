import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findListening } from '../../../server/systemd/kernel-sockets.js';

const TABLES = {
  tcp: `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:AA2B 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 100 0 0 10 0
`,
  tcp6: `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21 1 0 100 0 0 10 0
   1: B80D0120000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22 1 0 100 0 0 10 0
`,
  unix: `Num       RefCount Protocol Flags    Type St Inode Path
00000000ceb3e1ab: 00000002 00000000 00010000 0001 01 31 /run/my shop/web.sock
0000000085917bb1: 00000003 00000000 00000000 0001 03 32 /run/connected.sock
0000000085917bb2: 00000002 00000000 00010000 0001 01 33 @shop
0000000085917bb3: 00000002 00000000 00000000 0002 01 34 /run/datagram.sock
`,
};

test('a listening socket is found by its inode, with its address', () => {
  const name = (inode: number): string | undefined => findListening(TABLES, inode, 'LE')?.name;
  assert.deepEqual([11, 21, 22, 31, 33].map(name), [
    '127.0.0.1:8080',
    '[::]:80',
    '[2001:db8::1]:443',
    '/run/my shop/web.sock',
    '@shop',
  ]);
});

test('a machine with the other order of bytes prints the same addresses otherwise', () => {
  const tcp = TABLES.tcp.replace('0100007F', '7F000001');
  assert.equal(findListening({ ...TABLES, tcp }, 11, 'BE')?.name, '127.0.0.1:8080');
});

test('a connection, a datagram socket and what is in no table are no sockets to serve on', () => {
  for (const inode of [12, 32, 34, 99, NaN]) assert.equal(findListening(TABLES, inode), null);
  assert.equal(findListening({ tcp: '', tcp6: '', unix: '' }, 11), null);
});

test('no text is taken for a table that it is not', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (text, inode) => {
      assert.equal(findListening({ tcp: text, tcp6: text, unix: text }, inode), null);
    }),
  );
});
