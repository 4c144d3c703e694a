import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DecodedRouter } from '../../../shared/stats.js';
import type { Model } from '../../../top/model/model.js';
import { routerBlocks } from '../../../top/model/router-blocks.js';
import { view } from '../../../top/view/view.js';
import { arrival, keys, play, start, tick, typed } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import {
  capturedRouter,
  FASTROUTER,
  HTTP_ROUTER,
  routerDocument,
} from '../../support/router-documents.js';

const screen = (model: Model, ...names: string[]): string =>
  frameText(view(play(model, keys(...names)).model));

function opened(router: DecodedRouter, width = 120, height = 40): Model {
  const messages = [tick(1), arrival(1, routerDocument(router)), tick(300)];
  return play(start(width, height), messages).model;
}

describe('a uWSGI router', () => {
  test('opens with what it routes, since an overview would be empty', () => {
    const model = opened(capturedRouter(HTTP_ROUTER));
    assert.equal(model.screen, 'others');
    const text = screen(model);
    assert.match(text, /uWSGI http router {2}uWSGI 2\.0\.21-debian {2}at 127\.0\.0\.1:18751/);
    assert.match(text, /HTTP ROUTER\n/);
    assert.match(text, /listens at +127\.0\.0\.1:18751\n +127\.0\.0\.1:18752/);
    assert.match(text, /keys +2, 2 nodes/);
    assert.match(text, /KEY shop\.example · 3 hits · 1 node\n/);
    assert.match(text, /127\.0\.0\.1:46281 +█{12} 3 requests · sessions 0 · load 0 · weight 1/);
  });

  test('stays where a person already went, and comes back to no other view by itself', () => {
    const document = routerDocument(capturedRouter(HTTP_ROUTER));
    const { model } = play(start(120, 40), [...keys('5'), arrival(1, document)]);
    assert.equal(model.screen, 'events');
    const back = play(opened(capturedRouter(HTTP_ROUTER)), [...keys('1'), arrival(2, document)]);
    assert.equal(back.model.screen, 'overview');
  });

  test('says in every other view why it is empty', () => {
    const model = opened(capturedRouter(HTTP_ROUTER));
    for (const key of ['1', '2', '4']) {
      assert.match(screen(model, key), /a uWSGI http router has no workers: 6 shows what it has/);
    }
    assert.match(screen(model, '3'), /no workers, and lists no requests: 6 shows what it has/);
    assert.match(screen(model, 'R'), /a uWSGI http router has no workers/);
  });

  test('shows nodes that failed and are left alone', () => {
    const text = screen(opened(capturedRouter(FASTROUTER)));
    assert.match(text, /uWSGI fastrouter/);
    assert.match(text, /STATIC NODES/);
    assert.match(text, /127\.0\.0\.1:18754 +0 hits · failed .* ago, left alone for a while/);
  });

  test('marks a node that fails and one that is removed, and a key that nobody serves', () => {
    const router: DecodedRouter = {
      ...{ name: 'http', addresses: [], active_sessions: 12, cheap: 1 },
      subscriptions: [
        {
          key: 'shop',
          nodes: [
            { name: 'a', requests: 30, failcnt: 2 },
            { name: 'b', requests: 10, death_mark: 1 },
          ],
        },
        { key: 'empty', nodes: [] },
      ],
    };
    const [about, shop, empty] = routerBlocks(router, null);
    assert.deepEqual(
      shop?.rows.map(({ label, tone, share, text }) => [label, tone, share, text]),
      [
        ['a', 'attention', 0.75, '2 failures · 30 requests'],
        ['b', 'alarm', 0.25, 'is removed · 10 requests'],
      ],
    );
    assert.deepEqual(empty?.rows[0]?.tone, 'alarm');
    assert.ok(about?.rows.some(({ label, tone }) => label === 'cheap' && tone === 'attention'));
    const header = screen(opened(router)).split('\n')[0] ?? '';
    assert.match(header, /sessions 12 +nodes 2 +nodes in trouble 2 +cheap/);
    assert.match(screen(opened(router, 20, 5)), /live.*\n HTTP ROUTER\n sessions +12/);
  });

  test('claims nothing that its document does not say', () => {
    const text = screen(opened({ name: 'router', addresses: [] }, 80, 24));
    assert.match(text, /uWSGI router/);
    assert.match(text, /listens at +–/);
    assert.doesNotMatch(text, /sessions|cheap|keys/);
  });

  test('its lines can be filtered by key and node', () => {
    const text = screen(opened(capturedRouter(HTTP_ROUTER)), '/', ...typed('shop'), 'enter');
    assert.match(text, /KEY shop\.example/);
    assert.doesNotMatch(text, /KEY localhost|HTTP ROUTER\n/);
  });
});
