import { channel, type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import http from 'node:http';
import { account } from '../../server/worker/accounting.js';
import { monotonicMs } from '../../server/worker/clock.js';
import { createCounters } from '../../server/worker/counters.js';
import { admit } from '../../server/http/gate.js';
import { guardListeners } from '../../server/worker/guard.js';
import { allocateMemory, MAX_CORES } from '../../server/worker/memory.js';

/**
 * One server whose accounting can be switched on and off between runs: two processes of the same
 * code differ by more than the accounting costs. Talks over IPC: gets `true` or `false` for the
 * next run, or `'report'`, which it answers with the CPU microseconds since the last report.
 */

const server = http.createServer();
const plain = (_request: http.IncomingMessage, response: http.ServerResponse): void => {
  response.end('hello\n');
};
server.on('request', plain);
guardListeners(server, () => undefined);
const [guarded] = server.rawListeners('request');
account(server, createCounters(allocateMemory(MAX_CORES), 0), {
  admit,
  admitUpgrade: () => true,
  client: null,
  now: monotonicMs,
  log: null,
  cap: 0,
  onEnd: () => undefined,
  limit: null,
  files: null,
});
const accounted = Reflect.get(server, 'emit') as unknown;

/** Node tells of answers only while somebody listens, and what that costs is part of the hook. */
const ANSWERS = 'http.server.response.finish';
const [hearing] = Reflect.get(channel(ANSWERS), '_subscribers') as [ChannelListener];
let isHearing = true;

function toggle(on: boolean): void {
  EventEmitter.prototype.removeAllListeners.call(server, 'request');
  if (on) Reflect.set(server, 'emit', accounted);
  else Reflect.deleteProperty(server, 'emit');
  if (on !== isHearing) {
    if (on) subscribe(ANSWERS, hearing);
    else unsubscribe(ANSWERS, hearing);
    isHearing = on;
  }
  const listener = on ? guarded : plain;
  if (typeof listener === 'function') {
    EventEmitter.prototype.on.call(server, 'request', listener as typeof plain);
  }
}

let before = process.cpuUsage();
process.on('message', (message: unknown) => {
  if (typeof message === 'boolean') {
    toggle(message);
    process.send?.('toggled');
    return;
  }
  const spent = process.cpuUsage(before);
  before = process.cpuUsage();
  process.send?.(spent.user + spent.system);
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
