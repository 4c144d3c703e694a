import assert from 'node:assert/strict';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { endianness } from 'node:os';
import { test } from 'node:test';
import { findUid } from '../../../server/control/peer-uid.js';
import { createVisitor, networkOf } from '../../../server/control/visitor.js';

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
  const ends = { remoteAddress: '127.0.0.1', remotePort: 0x9cb0, localPort: 0x23e7 };
  assert.equal(findUid(table, '127.0.0.1', ends), 1000);
  assert.equal(findUid(table, '127.0.0.2', ends), null);
  assert.equal(findUid(table, '127.0.0.1', { ...ends, localPort: 1 }), null);
  const six =
    '   0: 00000000000000000000000001000000:9CB0 00000000000000000000000001000000:23E7 01 0:0 0:0 0 7 0 3';
  assert.equal(findUid(six, '::1', ends), 7);
});

for (const host of ['127.0.0.1', '::1']) {
  test(`the kernel tells who connects to ${host}`, async () => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const accepted = once(server, 'connection');
    const client = connect((server.address() as AddressInfo).port, host);
    const [socket] = (await accepted) as [Socket];
    const { remoteAddress = '', remotePort = 0, localPort = 0, localAddress } = socket;
    const visitor = createVisitor({ kind: 'tcp', remoteAddress, localAddress }, 'x', {
      remoteAddress,
      remotePort,
      localPort,
    });
    assert.equal(visitor.uid(), process.getuid?.());
    assert.equal(visitor.countedAs(), `uid ${process.getuid?.() ?? ''}`);
    client.destroy();
    socket.destroy();
    server.close();
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
