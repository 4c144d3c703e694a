import assert from 'node:assert/strict';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { endianness } from 'node:os';
import { test } from 'node:test';
import { findUid } from '../../../server/control/peer-uid.js';
import { createVisitor, networkOf } from '../../../server/control/visitor.js';
import { eventually } from '../../support/eventually.js';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

test('the user of the other end is in the row whose own address is the peer', (t) => {
  if (endianness() !== 'LE') {
    t.skip('the table was written on a little-endian machine');
    return;
  }
  const table = [
    HEAD,
    '   0: 0100007F:23E7 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1',
    '   1: 0100007F:23E7 0100007F:9CB0 01 00000000:00000000 00:00000000 00000000     0        0 2 1',
    '   2: 0100007F:9CB0 0100007F:23E7 01 00000000:00000000 00:00000000 00000000  1000        0 3 1',
  ].join('\n');
  const [remoteAddress, localAddress] = ['127.0.0.1', '127.0.0.1'];
  const ends = { remoteAddress, remotePort: 0x9cb0, localAddress, localPort: 0x23e7 };
  assert.equal(findUid(table, ends), 1000);
  assert.equal(findUid(table, { ...ends, remoteAddress: '127.0.0.2' }), null);
  assert.equal(findUid(table, { ...ends, localPort: 1 }), null);
  const six =
    '   0: 00000000000000000000000001000000:9CB0 00000000000000000000000001000000:23E7 01 0:0 0:0 0 7 0 3';
  assert.equal(findUid(six, { ...ends, remoteAddress: '::1', localAddress: '::1' }), 7);
});

for (const host of ['127.0.0.1', '::1']) {
  test(`the kernel tells who connects to ${host}`, async (t) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const accepted = once(server, 'connection');
    const client = connect((server.address() as AddressInfo).port, host);
    const [socket] = (await accepted) as [Socket];
    t.after(() => {
      client.destroy();
      socket.destroy();
      server.close();
    });
    const { remoteAddress = '', remotePort = 0, localPort = 0, localAddress = '' } = socket;
    const ends = { remoteAddress, remotePort, localAddress, localPort };
    // On a busy machine the row may be too far down the table for one look.
    const visitor = await eventually('the row of the connection', () => {
      const looked = createVisitor({ kind: 'tcp', remoteAddress, localAddress }, 'x', ends);
      return looked.uid() === null ? null : looked;
    });
    assert.equal(visitor.uid(), process.getuid?.());
    assert.equal(visitor.countedAs(), `uid ${process.getuid?.() ?? ''}`);
  });
}

test('a stranger is counted by address, of IPv6 by network; who uses a unix socket is not', () => {
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:db8:1:2::9'));
  assert.notEqual(networkOf('2001:db8:1:2::9'), networkOf('2001:db8:1:3::9'));
  const unix = { kind: 'unix', remoteAddress: undefined, localAddress: undefined } as const;
  assert.equal(createVisitor(unix, '/run/x', null).countedAs(), null);
});
