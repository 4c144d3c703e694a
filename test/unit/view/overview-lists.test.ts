import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../top/model/model.js';
import type { Panel } from '../../../top/view/frame.js';
import { view } from '../../../top/view/view.js';
import { busyModel, instanceAt, play, start, tick } from '../../support/dashboard.js';
import { eventfulModel } from '../../support/happened.js';
import { frameText } from '../../support/frame-text.js';
import { uwsgiInstance } from '../../support/uwsgi-documents.js';

const panelsOf = (model: Model): readonly (Panel | undefined)[] => {
  const { panels } = view(model);
  return ['requests', 'newest-events'].map((id) => panels.find((panel) => panel.id === id));
};

test('what happened last stands below the requests, and on a wide terminal beside them', () => {
  const [above, below] = panelsOf(busyModel(120, 60));
  assert.ok(above !== undefined && below !== undefined);
  assert.ok(below.y >= above.y + above.height && below.x === 0);
  const [left, right] = panelsOf(busyModel(200, 60));
  assert.ok(left !== undefined && right !== undefined);
  assert.ok(left.y === right.y && right.x >= left.x + left.width);
  assert.equal(right.x + right.width, 200);
});

test('the newest event is the last line of them, and the same as in the list of all', () => {
  const model = eventfulModel(200, 60);
  const here = play(model, [tick(model.now)]).model;
  const newest = here.events.events.at(-1);
  assert.ok(newest);
  const text = frameText(view({ ...here, screen: 'overview' }));
  const at = text.indexOf('WHAT HAPPENED, THE NEWEST LAST');
  assert.ok(at > 0 && text.indexOf(newest.text, at) > at, text);
});

test('a click on the titles opens the view of what is below them', () => {
  const targets = panelsOf(busyModel(200, 60)).map((panel) =>
    panel?.kind === 'text' ? panel.lines[0]?.[0]?.target : undefined,
  );
  assert.deepEqual(targets, [
    { kind: 'key', key: '3' },
    { kind: 'key', key: '5' },
  ]);
});

test('nothing is told as nothing, and a low terminal has no list too short to say anything', () => {
  const quiet = play(start(120, 40), [instanceAt(1, uwsgiInstance())]).model;
  assert.match(frameText(view(quiet)), /nothing has happened since this was opened/);
  const [, events] = panelsOf(busyModel(80, 20));
  assert.equal(events, undefined);
});
