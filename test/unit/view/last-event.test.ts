import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HappenedEvent } from '../../../top/model/events.js';
import type { Model } from '../../../top/model/model.js';
import { lastEvent } from '../../../top/view/last-event.js';
import { view } from '../../../top/view/view.js';
import { busyModel } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { serverTime } from '../../../top/model/currency.js';

/** A busy server in which this happened, so many seconds ago. */
function after(...happened: readonly (Partial<HappenedEvent> & { ago: number })[]): Model {
  const model = busyModel(200, 60);
  const now = serverTime(model) ?? 0;
  const events = happened.map(({ ago, ...event }, index): HappenedEvent => {
    const basis = { kind: 'harakiri', worker: 3, text: 'worker 3 was killed', bad: true } as const;
    return { ...basis, details: [], at: 0, time: now - ago, key: String(index), ...event };
  });
  return { ...model, events: { events, keys: new Set() } };
}

const said = (model: Model, width: number): string | undefined =>
  lastEvent(model, width)
    ?.map(({ text }) => text)
    .join('');

const HARAKIRI = {
  kind: 'harakiri',
  text: 'worker 3 (pid 4711): GET /report took 31 s · killed',
} as const;

test('the last event is told in as many words as there is room for', () => {
  const model = after({ ...HARAKIRI, ago: 4 });
  assert.equal(said(model, 80), '▲ worker 3 (pid 4711): GET /report took 31 s · killed 4s ago');
  assert.equal(said(model, 40), '▲ worker 3 harakiri 4s ago');
  assert.equal(said(model, 20), '▲ harakiri 4s ago');
  assert.equal(said(model, 16), undefined);
});

test('a clause that says it all stands for its sentence', () => {
  const text = 'uWSGI reloaded: 4 workers replaced, counters begin again';
  const model = after({ kind: 'reload', worker: null, text, bad: false, ago: 90 });
  assert.equal(said(model, 40), '↻ uWSGI reloaded 1m30s ago');
});

test('of what happened together the gravest is told, not the new process after it', () => {
  const respawn = { kind: 'respawn', text: 'worker 3 runs as pid 4800' } as const;
  assert.match(said(after({ ...HARAKIRI, ago: 6 }, { ...respawn, ago: 4 }), 30) ?? '', /harakiri/);
  assert.match(said(after({ ...HARAKIRI, ago: 60 }, { ...respawn, ago: 4 }), 60) ?? '', /4800 4s/);
});

test('a connection that is there again is not told as lost', () => {
  const lost = { kind: 'lost', worker: null, text: 'not connected: refused', bad: true } as const;
  const back = {
    kind: 'back',
    worker: null,
    text: 'connected again after 1s',
    bad: false,
  } as const;
  const model = after({ ...lost, ago: 9 }, { ...back, ago: 8 });
  assert.equal(said(model, 60), '● connected again after 1s 8s ago');
  assert.equal(said(model, 26), '● connected again 8s ago');
  assert.match(
    said(after({ ...back, ago: 9 }, { ...lost, ago: 2 }), 60) ?? '',
    /not connected: refused 2s/,
  );
});

test('what does not matter or is long ago is not told', () => {
  assert.equal(said(after({ kind: 'config', ago: 2 }), 80), undefined);
  assert.equal(said(after({ ...HARAKIRI, ago: 3601 }), 80), undefined);
  assert.equal(said(after(), 80), undefined);
});

test('at 120 columns the first line has it in a few words', () => {
  const model = { ...after({ ...HARAKIRI, ago: 4 }), width: 120, height: 40 };
  assert.match(frameText(view(model)), /on web-1 +▲ worker 3 harakiri 4s ago {2}up 3d04h/);
  assert.doesNotMatch(frameText(view({ ...model, width: 110 })), /ago/);
});

test('on a wide terminal the header has it at the right edge, and nothing gives way to it', () => {
  const line = (model: Model) => frameText(view(model)).split('\n')[1] ?? '';
  const [quiet, told] = [line(after()), line(after({ ...HARAKIRI, ago: 4 }))];
  assert.ok(told.startsWith(quiet.trimEnd()));
  assert.match(told, / 4s ago$/);
  assert.equal(told.length, 199);
});
