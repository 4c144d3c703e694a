import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  countUnixQueue,
  parseTcpRow,
  readListenRows,
  readSomaxconn,
  readUnixQueue,
  socketInode,
} from '../../../server/master/listen-queue.js';

const LISTENING =
  '   0: 0100007F:1F40 00000000:0000 0A 00000000:00000011 00:00000000 00000000  1000        0 93126 1 0000000000000000 100 0 0 10 0';
const ESTABLISHED =
  '   3: 0100007F:1F40 0100007F:9C2E 01 00000000:00000011 00:00000000 00000000  1000        0 93127 1 0000000000000000 20 4 30 10 -1';
const LISTENING_V6 =
  '   0: 00000000000000000000000000000000:23E7 00000000000000000000000000000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0';

describe('the accept queue of a TCP socket', () => {
  test('is the receive queue of its LISTEN row', () => {
    assert.deepEqual(parseTcpRow(LISTENING), { port: 8000, inode: 93126, queue: 17 });
    assert.deepEqual(parseTcpRow(LISTENING_V6), { port: 9191, inode: 4711, queue: 2 });
  });

  test('is not what an established connection has received', () => {
    assert.equal(parseTcpRow(ESTABLISHED), null);
    assert.equal(parseTcpRow('  sl  local_address rem_address   st tx_queue rx_queue'), null);
  });

  test('of any other text is null, and nothing throws', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        assert.equal(parseTcpRow(line), null);
      }),
    );
    assert.deepEqual(readListenRows('/nonexistent/tcp', [1]), []);
  });
});

/** A row as the kernel prints it; the inode is 0 until the connection is accepted. */
function unixRow(inode: number, file: string): string {
  return `0000000000000000: 00000003 00000000 00000000 0001 03 ${String(inode).padStart(5)} ${file}`;
}

describe('the accept queue of a unix socket', () => {
  const header = 'Num       RefCount Protocol Flags    Type St Inode Path';
  const listening = (file: string): string =>
    `0000000000000000: 00000002 00000000 00010000 0001 01 16163 ${file}`;

  test('is the rows of its path that have no inode yet', () => {
    const rows = [
      header,
      listening('/run/a.sock'),
      unixRow(0, '/run/a.sock'),
      unixRow(0, '/run/a.sock'),
    ];
    const others = [
      unixRow(16170, '/run/a.sock'),
      unixRow(0, '/run/b.sock'),
      unixRow(0, '@/run/a.sock'),
    ];
    assert.equal(countUnixQueue([...rows, ...others, ''].join('\n'), '/run/a.sock'), 2);
  });

  test('is not confused by paths with blanks, patterns or a common beginning', () => {
    for (const file of [
      '/run/a b.sock',
      '/run/a.*',
      '/run/(',
      '/run/a  b',
      '/run/ 0 x',
      '/run/ä',
    ]) {
      const text = [unixRow(0, file), unixRow(0, `${file}2`), unixRow(0, `/x${file}`)].join('\n');
      assert.equal(countUnixQueue(text, file), 1, file);
    }
    assert.equal(countUnixQueue(unixRow(0, '/run/aXb'), '/run/a.b'), 0);
  });

  test('of any text is a number, and nothing throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.ok(countUnixQueue(text, '/run/a.sock') >= 0);
      }),
    );
  });
});

describe('measured for real', { skip: readSomaxconn() === null && 'there is no /proc' }, () => {
  /** Connects `count` times; nothing is accepted before the loop turns. */
  async function queue(count: number, target: net.NetConnectOpts): Promise<net.Socket[]> {
    const clients = Array.from({ length: count }, () => net.connect(target));
    for (const client of clients) client.on('error', () => undefined);
    // `connect` is called in the next tick, before the loop polls and accepts.
    await new Promise<void>((resolve) => {
      process.nextTick(resolve);
    });
    return clients;
  }

  test('a unix queue has the connections that were not accepted yet', async (t) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-queue-'));
    const file = path.join(directory, 'a b.sock');
    const server = net.createServer().listen(file);
    await once(server, 'listening');
    const clients = await queue(3, { path: file });
    const queued = readUnixQueue(file);
    t.after(() => {
      for (const client of clients) client.destroy();
      server.close();
      rmSync(directory, { recursive: true });
    });
    assert.equal(queued, 3);
  });

  test('a TCP queue has the connections that were not accepted yet', async (t) => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const clients = await queue(3, { port, host: '127.0.0.1' });
    const inode = socketInode(Number(Reflect.get(Object(Reflect.get(server, '_handle')), 'fd')));
    const [row] = readListenRows('/proc/net/tcp', [inode]);
    t.after(() => {
      for (const client of clients) client.destroy();
      server.close();
    });
    assert.deepEqual(row, { port, inode, queue: 3 });
  });
});
