import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { keyFileAddresses } from '../../../server/stats/key-file-addresses.js';

test('addresses that can be dialled stand as they are', () => {
  const bound = ['127.0.0.1:9191', '[::1]:9191', '192.0.2.1:80', '/run/cats.sock', '@cats'];
  assert.deepEqual(keyFileAddresses(bound), bound);
});

test('a wildcard is dialled at loopback', () => {
  assert.deepEqual(keyFileAddresses(['0.0.0.0:9191']), ['0.0.0.0:9191', '127.0.0.1:9191']);
  assert.deepEqual(keyFileAddresses(['[::]:9191', '127.0.0.1:9191']), [
    '[::]:9191',
    '127.0.0.1:9191',
    '[::1]:9191',
  ]);
});

test('a relative path is known by its absolute one too', () => {
  assert.deepEqual(keyFileAddresses(['./cats.sock']), ['./cats.sock', resolve('cats.sock')]);
});
