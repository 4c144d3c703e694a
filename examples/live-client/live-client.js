// node live-client.js 127.0.0.1:9191 [KEY_FILE]: shows requests and states, four lines a second. With the
// key file it also asks for a rolling reload, waits for its outcome, and ends.
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';

const [address, keyFile] = process.argv.slice(2);
const socket = new WebSocket(`ws://${address}/live`);
const send = (message) => socket.send(JSON.stringify(message));
let stats;

function patch(before, delta) {
  if (delta === null) return before;
  if ('=' in delta) return delta['='];
  const after = '#' in delta ? before.slice(0, delta['#']) : { ...before };
  for (const key of delta['-'] ?? []) Reflect.deleteProperty(after, key);
  const changed = delta['@'] ?? delta['+'];
  for (const key of Object.keys(changed)) after[key] = patch(after[key], changed[key]);
  return after;
}

function authorise(hello) {
  const { key } = JSON.parse(readFileSync(keyFile, 'utf8'));
  const nonce = randomBytes(32).toString('hex');
  const proven = ['tsuwsgi-live', 1, 'operate', hello.boot_id, hello.nonce, nonce, address];
  const hmac = createHmac('sha256', Buffer.from(key, 'hex'));
  const mac = hmac.update(JSON.stringify(proven)).digest('hex');
  send({ type: 'auth', role: 'operate', nonce, address, mac });
}

function begin(hello) {
  send({ type: 'subscribe', interval_ms: 250 });
  if (keyFile !== undefined) authorise(hello);
}

socket.on('message', (data) => {
  const message = JSON.parse(data);
  if (message.type === 'hello') begin(message);
  if (message.type === 'snapshot') stats = message.stats;
  if (message.type === 'delta') stats = patch(stats, message.delta);
  if (message.type === 'snapshot' || message.type === 'delta') {
    const workers = stats.workers.map(({ id, requests, state }) => `${id}: ${requests} ${state}`);
    console.log(`${message.type} ${message.seq}: ${workers.join(', ')}`);
  }
  if (message.type === 'authorised' && message.ok) {
    send({ type: 'command', id: 1, command: { name: 'reload' } });
  }
  if ('code' in message) console.log(`${message.type} ${message.code}: ${message.message}`);
  if (message.ok === false || message.type === 'outcome') socket.close();
});
socket.on('error', (error) => console.error(error.message));
