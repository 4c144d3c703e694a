import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRouterBook, NO_FIGURES } from '../../../server/master/decide/routers/router-book.js';

test('what a dead router counted stays, and what it held is gone', () => {
  const book = createRouterBook();
  const busy = { requests: 5, in_flight: 2, queued: 1, upgraded: 1, refused: { host: 1 }, tx: 10 };
  book.told(1, 100, { ...NO_FIGURES, ...busy, queue_max: 4 });
  assert.equal(book.queued(), 1);
  book.retire(100);
  book.told(1, 101, {
    ...NO_FIGURES,
    requests: 2,
    refused: { host: 1, line: 2 },
    tx: 1,
    queue_max: 3,
  });
  assert.deepEqual(book.figures(1), {
    ...NO_FIGURES,
    ...{ requests: 7, refused: { host: 2, line: 2 }, tx: 11, queue_max: 4 },
  });
  assert.equal(book.queued(), 0);
});

test('a router that drains beside its successor counts with it', () => {
  const book = createRouterBook();
  book.told(1, 100, { ...NO_FIGURES, requests: 5, in_flight: 1 });
  book.told(1, 101, { ...NO_FIGURES, requests: 1, in_flight: 2 });
  book.told(2, 102, { ...NO_FIGURES, requests: 100 });
  const { requests, in_flight: inFlight } = book.figures(1);
  assert.deepEqual([requests, inFlight], [6, 3]);
});
