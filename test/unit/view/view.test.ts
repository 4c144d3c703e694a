import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { geometry } from '../../../top/model/geometry.js';
import type { Model } from '../../../top/model/model.js';
import type { Frame } from '../../../top/view/frame.js';
import { layout } from '../../../top/view/layout.js';
import { view } from '../../../top/view/view.js';
import { anyMessage, anySize } from '../../support/arbitraries.js';
import {
  busyModel,
  client,
  instanceAt,
  key,
  keys,
  operate,
  play,
  start,
  STUCK,
  tick,
} from '../../support/dashboard.js';
import { frameText, textInStyle } from '../../support/frame-text.js';
import { instance, worker } from '../../support/stats-builder.js';

/** Everything a painter may rely on. */
function assertDrawable(frame: Frame, ascii: boolean): void {
  const ids = new Set<string>();
  const safe = (text: string): void => {
    assert.equal(Array.from(text).length, text.length, 'astral character');
    assert.doesNotMatch(text, /\p{C}|\p{M}|\p{Zl}|\p{Zp}/u);
    if (ascii) assert.match(text, /^[\x20-\x7e]*$/);
  };
  safe(frame.title);
  for (const panel of frame.panels) {
    assert.ok(!ids.has(panel.id), `panel ${panel.id} twice`);
    ids.add(panel.id);
    assert.ok(panel.x >= 0 && panel.y >= 0 && panel.width > 0 && panel.height > 0, panel.id);
    assert.ok(panel.x + panel.width <= frame.width, `${panel.id} is too wide`);
    assert.ok(panel.y + panel.height <= frame.height, `${panel.id} is too high`);
    if (panel.kind === 'sparkline') {
      safe(panel.title);
      assert.ok(panel.values.every((value) => value === null || Number.isFinite(value)));
      continue;
    }
    const { title = '', foot = [] } = panel.border ?? {};
    [title, ...foot].forEach(safe);
    const edge = panel.border === undefined ? 0 : 2;
    assert.ok(panel.lines.length <= panel.height);
    for (const line of panel.lines) {
      const width = line.reduce((sum, { text }) => sum + text.length, 0);
      assert.ok(width <= Math.max(0, panel.width - edge), `a line of ${panel.id} is too long`);
      for (const { text } of line) safe(text);
    }
  }
}

test('every size from 1x1 to 400x120 gives a frame inside its borders', () => {
  const model = play(busyModel(80, 24, { third: STUCK }), keys('down')).model;
  const scenes = ['', '?', 'f6', 'K', 'ctrl-r', 'a', '/', 'enter'].map((name) =>
    name === '' ? model : play(model, [key(name)]).model,
  );
  const sizes = [
    ...Array.from({ length: 130 }, (_, width) => ({ width: width + 1, height: 24 })),
    ...Array.from({ length: 70 }, (_, height) => ({ width: 80, height: height + 1 })),
    ...[1, 2, 3, 5, 8, 13, 21, 34].flatMap((width) =>
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((height) => ({ width, height })),
    ),
    ...Array.from({ length: 60 }, (_, width) => ({ width: width + 1, height: 40 })),
    { width: 400, height: 120 },
  ];
  for (const scene of scenes) {
    for (const size of sizes) {
      const frame = view(play(scene, [{ type: 'resize', ...size }]).model);
      assertDrawable(frame, false);
    }
  }
});

test('whatever happens, in whatever order, there is a frame that can be drawn', () => {
  fc.assert(
    fc.property(
      fc.array(anyMessage, { maxLength: 30 }),
      anySize,
      fc.boolean(),
      (messages, { width, height }, ascii) => {
        const { model } = play(start(width, height, ascii), messages);
        assertDrawable(view(model), ascii);
        assertValid(model);
      },
    ),
    { numRuns: 400 },
  );
});

/** What holds of the state after any messages. */
function assertValid(model: Model): void {
  const { rates, rps, p50, p95, p99, waiting, times } = model.history;
  const numbers = [
    rates.rps,
    rates.tx,
    ...[rps, p50, p95, p99, waiting].flat(),
    ...[...rates.workers.values()].map((one) => one.rps),
  ];
  for (const number of numbers) {
    assert.ok(number === null || (number >= 0 && Number.isFinite(number)), String(number));
  }
  assert.equal(times.length, rps.length);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.ok(model.table.top >= 0);
  assert.ok(model.intervalMs >= 100 && model.intervalMs <= 60_000);
  assert.ok(model.commands.length <= 20);
}

test('the blocks of a layout neither overlap nor leave the screen', () => {
  fc.assert(
    fc.property(anySize, fc.option(fc.nat(2000)), ({ width, height }, lines) => {
      const place = layout(width, height, lines);
      const bands = [
        place.header,
        place.charts,
        place.table,
        place.requests,
        // Where it is wide, events stand beside the requests.
        ...(place.events.y === place.requests.y ? [] : [place.events]),
        place.notices,
        place.bar,
      ].filter((band) => band.height > 0);
      let free = 0;
      for (const band of bands) {
        assert.ok(band.y >= free, JSON.stringify(place));
        free = band.y + band.height;
      }
      assert.ok(free <= height);
      assert.ok(place.table.height <= geometry(width, height, lines === null).rows + 1);
    }),
  );
});

test('the screen does not jump when trouble comes and goes', () => {
  const places = (model: Model): unknown =>
    view(model).panels.map(({ id, x, y, width, height }) => ({ id, x, y, width, height }));
  assert.deepEqual(places(busyModel(120, 40)), places(busyModel(120, 40, { third: STUCK })));
});

test('nothing is red while all is well, and one blocked worker is', () => {
  assert.deepEqual(textInStyle(view(busyModel(120, 40)), 'alarm'), []);
  const alarms = textInStyle(view(busyModel(120, 40, { third: STUCK })), 'alarm');
  assert.ok(alarms.includes('▲ stuck'));
  assert.ok(alarms.includes('8,412'));
  assert.ok(alarms.some((text) => text.startsWith('▲ worker 3 blocked')));
});

test('zero and unknown are dim', () => {
  const dim = textInStyle(view(busyModel(80, 24)), 'dim').flatMap((text) => text.split(/ +/));
  assert.ok(dim.includes('0'));
  assert.ok(dim.includes('–'));
});

test('the marked row is drawn as one selected line with the marker', () => {
  const [selected, ...more] = textInStyle(
    view(play(busyModel(80, 24), keys('down', 'down')).model),
    'selected',
  );
  assert.match(selected ?? '', /^▶ +2 ○ idle/);
  assert.deepEqual(more, []);
});

test('when the connection breaks the old numbers stay, dimmed, under the reason', () => {
  const gone = client({ type: 'disconnected', at: 61_000, message: 'ECONNRESET', retryInMs: 4000 });
  const frame = view(play(busyModel(80, 24), [gone, tick(62_000)]).model);
  assert.match(frameText(frame), /disconnected, retry in 3 s/);
  assert.match(frameText(frame), /ECONNRESET · these numbers are 2 s old/);
  assert.deepEqual(textInStyle(frame, 'work'), []);
  assert.ok(textInStyle(frame, 'dim').some((text) => text.includes('● busy')));
});

test('a terminal that reports no size is drawn as the smallest one', () => {
  const { model } = play(start(0, Number.NaN), [{ type: 'resize', width: -3, height: 0.5 }]);
  assert.deepEqual([view(model).width, view(model).height], [1, 1]);
  assertDrawable(view(model), false);
});

test('stale data say for how long', () => {
  const frame = view(play(busyModel(80, 24), [tick(64_001)]).model);
  assert.match(frameText(frame), /▲ stale for 4 s/);
});

test('the first document shows no rate, the second does', () => {
  const first = play(start(), [tick(1), instanceAt(1, instance([worker(1, { requests: 300 })]))]);
  assert.match(frameText(view(first.model)), /– req\/s/);
  const next = instanceAt(1001, instance([worker(1, { requests: 310 })]));
  assert.match(frameText(view(play(first.model, [next]).model)), / 10 req\/s/);
});

test('a table is never blank: it says why it is empty', () => {
  const text = (model: Model): string => frameText(view(model));
  assert.match(text(start()), /waiting for localhost:9191/);
  const problem = client({ type: 'problem', at: 1, message: 'the answer is not JSON' });
  assert.match(text(play(start(), [problem]).model), /answered, but: the answer is not JSON/);
  const none = play(start(), [instanceAt(1, { workers: [] })]).model;
  assert.match(text(none), /this server has no workers/);
  const filtered = play(busyModel(80, 24), keys('/', 'z', 'z', 'enter')).model;
  assert.match(text(filtered), /no worker matches "zz"/);
  assert.match(text(filtered), /filter zz {2}0 match of 12/);
});

test('a command is told from its sending to its outcome', () => {
  const last = (model: Model): string => frameText(view(model)).split('\n').at(-3) ?? '';
  const sent = play(busyModel(80, 24), keys('down', 'R', 'tab', 'enter')).model;
  assert.match(last(sent), /reload of worker 1 \(pid 21409\): sent 0 s ago/);
  const answer = (type: 'reply' | 'outcome', ok: boolean, message: string) =>
    client({ type, at: 61_000, id: 1, ok, code: ok ? 'done' : 'failed', message });
  const accepted = play(sent, [answer('reply', true, 'draining')]).model;
  assert.match(last(accepted), /reload of worker 1 \(pid 21409\): draining · 0 s/);
  const done = play(accepted, [answer('outcome', true, 'ready in 0.4 s')]).model;
  assert.match(last(done), /● reload of worker 1 \(pid 21409\): ready in 0.4 s/);
  assert.doesNotMatch(last(play(done, [tick(92_000)]).model), /reload of/);
  const failed = play(accepted, [answer('outcome', false, 'it crashed')]).model;
  assert.match(last(play(failed, [tick(192_000)]).model), /failed: it crashed/);
  assert.doesNotMatch(last(play(failed, keys('escape')).model), /failed/);
});

test('a confirmation tells pid, age, what will fail and who remains', () => {
  const stuck = busyModel(80, 24, { third: STUCK });
  const text = frameText(
    view(play(stuck, keys('down', 'down', 'down', 'K', 'end', 'enter')).model),
  );
  for (const part of [
    'Kill worker 3 with SIGKILL',
    'pid 21411 · spawned 3d04h ago · blocked for 8.4 s',
    '12 requests in flight will fail',
    '10 of 12 workers remain',
    '[ Cancel ]   Send SIGKILL',
  ]) {
    assert.ok(text.includes(part), part);
  }
});

test('at 20x5 both buttons of a question are in sight', () => {
  const ready = play(start(20, 5), [operate, instanceAt(1, instance([worker(1)]))]).model;
  const text = frameText(view(play(ready, keys('ctrl-r', 'enter', 'tab')).model));
  assert.match(text, /Cancel/);
  assert.match(text, /\[Reload\]/);
});

test('keys without effect are dim in the key bar', () => {
  const bar = (model: Model) => textInStyle(view(model), 'key');
  assert.ok(bar(play(busyModel(80, 24), keys('down')).model).includes('F9'));
  assert.ok(!bar(busyModel(80, 24)).includes('F9'));
});

test('the window title names the instance and its alarm, and nothing a terminal obeys', () => {
  assert.equal(view(busyModel(80, 24)).title, 'tsuwsgitop catserve');
  assert.equal(
    view(busyModel(80, 24, { third: STUCK })).title,
    'tsuwsgitop catserve - worker 3 stuck 8s',
  );
  const evil = instance([worker(1)], { name: '\u001b]0;rm\u0007' });
  assert.equal(view(play(start(), [instanceAt(1, evil)]).model).title, 'tsuwsgitop ?]0;rm?');
});
