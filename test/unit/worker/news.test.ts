import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCounters } from '../../../server/worker/counters.js';
import { allocateMemory, FIELD } from '../../../server/worker/memory.js';
import { createNews } from '../../../server/worker/news.js';

const MB = 1024 * 1024;

/** A worker at rest whose first sample was sent. */
function atRest() {
  const memory = allocateMemory(4);
  const counters = createCounters(memory, 0);
  const news = createNews(memory);
  counters.beat(1000);
  return { memory, counters, news };
}

test('a worker that was never told of is news, and at rest none afterwards', () => {
  const { news, counters } = atRest();
  assert.equal(news.isQuiet(1000), false);
  news.told(false);
  assert.equal(news.isQuiet(1000), true);
  counters.beat(5000);
  assert.equal(news.isQuiet(5100), true, 'that the loop turns is none');
});

test('a request is news while it runs and when it has ended, until that was told', () => {
  const { news, counters } = atRest();
  news.told(false);
  const core = counters.begin({ method: 'GET', url: '/' }, { peer: '', fd: -1 }, 1000);
  assert.equal(news.isQuiet(1000), false);
  news.told(false);
  assert.equal(news.isQuiet(1000), false, 'it grows older');
  counters.end(core, 1000, 1001);
  assert.equal(news.isQuiet(1000), false);
  news.told(false);
  assert.equal(news.isQuiet(1000), true);
  counters.add('exceptions', 1);
  assert.equal(news.isQuiet(1000), false);
});

test('a loop that does not turn is news, and so is that it turns again', () => {
  const { news, counters } = atRest();
  news.told(false);
  assert.equal(news.isQuiet(1500), false);
  news.told(true);
  counters.beat(1600);
  assert.equal(news.isQuiet(1600), false);
  news.told(false);
  assert.equal(news.isQuiet(1600), true);
});

test('the heap and the share of the loop are news when they have moved by something', () => {
  const { memory, news } = atRest();
  memory.fields[FIELD.heap] = 20 * MB;
  news.told(false);
  memory.fields[FIELD.heap] = 21 * MB - 1;
  assert.equal(news.isQuiet(1000), true);
  memory.fields[FIELD.heap] = 21 * MB;
  assert.equal(news.isQuiet(1000), false);
  news.told(false);
  memory.fields[FIELD.loop] = 0.01;
  assert.equal(news.isQuiet(1000), true);
  memory.fields[FIELD.loop] = 0.05;
  assert.equal(news.isQuiet(1000), false);
});
