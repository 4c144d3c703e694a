import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecodedRouter } from '../../../shared/stats.js';
import { routerChanges, routerOpening } from '../../../top/view/plain-router.js';
import { capturedRouter, HTTP_ROUTER } from '../../support/router-documents.js';

const node = { name: '10.0.0.1:3031', failcnt: 0, death_mark: 0 };
const ROUTER: DecodedRouter = {
  ...{ name: 'fastrouter', addresses: [], active_sessions: 1, cheap: 0 },
  subscriptions: [{ key: 'shop', nodes: [node] }],
};

test('a router is told in sentences: what it is, its sessions and who serves each key', () => {
  assert.deepEqual(routerOpening(capturedRouter(HTTP_ROUTER)), [
    'uWSGI http router at 127.0.0.1:18751, 127.0.0.1:18752',
    '0 sessions',
    'key localhost:18751: 1 node',
    'key shop.example: 1 node',
  ]);
});

test('what stayed the same is not told again', () => {
  assert.deepEqual(routerChanges(ROUTER, ROUTER), []);
});

test('nodes that come, fail, are removed and go are told', () => {
  const other = { ...node, name: '10.0.0.2:3031' };
  const now: DecodedRouter = {
    ...{ ...ROUTER, active_sessions: 4, cheap: 1 },
    subscriptions: [{ key: 'shop', nodes: [{ ...node, failcnt: 1, death_mark: 1 }, other] }],
  };
  assert.deepEqual(routerChanges(ROUTER, now), [
    '4 sessions',
    'it is cheap now: no node is there',
    'node 10.0.0.2:3031 of shop came',
    'node 10.0.0.1:3031 of shop failed: 1 failure',
    'node 10.0.0.1:3031 of shop is being removed',
  ]);
  assert.deepEqual(routerChanges(now, ROUTER), [
    '1 session',
    'it is not cheap any more',
    'node 10.0.0.2:3031 of shop is gone',
  ]);
});
