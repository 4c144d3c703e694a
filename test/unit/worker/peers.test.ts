import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { findPeers, parsePeers } from '../../../server/worker/peers.js';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const row = (remote: string, inode: number): string =>
  `   1: 0100007F:1F40 ${remote} 01 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;

describe('the peer of a connection', () => {
  test('is its remote address, as Node writes it', () => {
    const table = [
      HEAD,
      row('0100007F:9C2E', 11),
      row('0A01A8C0:0050', 12),
      row('00000000000000000000000001000000:9C2E', 13),
      row('0000000000000000FFFF00000100007F:9C2E', 14),
      row('B80D0120000000000000000001000000:9C2E', 15),
      row('0100007F:9C2E', 99),
    ].join('\n');
    assert.deepEqual(
      [...parsePeers(table, new Set(['11', '12', '13', '14', '15']))],
      [
        ['11', '127.0.0.1'],
        ['12', '192.168.1.10'],
        ['13', '::1'],
        ['14', '::ffff:127.0.0.1'],
        ['15', '2001:db8::1'],
      ],
    );
  });

  test('is not found in any other text, and nothing throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.equal(parsePeers(text, new Set(['1'])).size, 0);
      }),
    );
  });

  const skip = !existsSync('/proc/net/tcp') && 'there is no /proc';
  test('is found by descriptor, for connections and nothing else', { skip }, async (t) => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [accepted] = (await once(server, 'connection')) as [net.Socket];
    t.after(() => {
      client.destroy();
      accepted.destroy();
      server.close();
    });
    const fd = Number(Reflect.get(Object(Reflect.get(accepted, '_handle')), 'fd'));
    assert.deepEqual([...findPeers([fd, 0, 4095])], [[fd, '127.0.0.1']]);
  });
});
