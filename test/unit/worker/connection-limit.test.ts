import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { limitConnections, openFilesLimit } from '../../../server/worker/connection-limit.js';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             7813                 7813                 processes
Max open files            64                   4096                 files
`;

test('the limit of open files is the soft one', () => {
  assert.equal(openFilesLimit(LIMITS), 64);
  assert.equal(openFilesLimit(LIMITS.replace('64  ', 'unlimited')), Infinity);
  assert.equal(openFilesLimit(''), Infinity);
});

test('refused connections are told once, and again after a quiet minute', () => {
  const server = createServer();
  const lines: string[] = [];
  let now = 0;
  limitConnections(
    [server],
    (line) => lines.push(line),
    () => now,
  );
  for (const at of [0, 30_000, 80_000, 140_000]) {
    now = at;
    server.emit('drop');
  }
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /^\d+ connections are open, as many as ulimit -n \d+ allows/);
});

test('a limit of the application stays', () => {
  const server = createServer();
  server.maxConnections = 7;
  limitConnections(
    [server],
    () => undefined,
    () => 0,
  );
  assert.equal(server.maxConnections, 7);
});
