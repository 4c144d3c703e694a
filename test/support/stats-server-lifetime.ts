// A program of its own: serves each kind of reader once, closes, and must then end by itself.
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { startStatsServer } from '../../server/stats/stats-server.js';
import { smallDocument } from './small-document.js';

const folder = process.argv[2] ?? '';
const started = await startStatsServer({
  addresses: ['127.0.0.1:0', join(folder, 's.sock')],
  waitMs: 3_600_000,
  http: false,
  readOnly: false,
  allowHosts: [],
  bootId: 'feedfacecafe',
  version: '1',
  document: () => smallDocument(1),
  isStopping: () => false,
  execute: () => ({ accepted: false, code: 'failed', message: 'no' }),
  runtimeDirectory: join(folder, 'keys'),
  log: (line) => process.stderr.write(`${line}\n`),
});
if (!started.ok) throw new Error(started.error);
const server = started.value;
const [address = '', path = ''] = server.addresses;
const port = Number(address.split(':')[1]);
const silent = connect(port);
const half = connect(port);
const answered = connect(path);
const live = new WebSocket(`ws://${address}/live`);
half.write('GET / HTTP/1.1\r\nHost: lo');
answered.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
await Promise.all([once(silent, 'connect'), once(answered, 'data'), once(live, 'message')]);
for (const socket of [silent, half, answered]) socket.on('error', () => undefined).resume();
await server.close();
process.stdout.write('closed\n');
