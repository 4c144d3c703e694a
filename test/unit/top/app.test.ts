import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { StatsError } from '../../../shared/stats-error.js';
import type { AppParts } from '../../../top/app.js';
import { connection, stage, type Toy, update } from '../../support/toy-app.js';

test('the first frame knows the size and the time', () => {
  const { clock, frames } = stage();
  clock.advance(0);
  assert.deepEqual(frames, [{ at: 0, title: ' 1 80x24' }]);
});

test('a burst of keys is one frame, and a key is answered within 16 ms', () => {
  const { clock, frames, press } = stage();
  clock.advance(100);
  press('a', 'b', 'c', 'd', 'e', 'f');
  clock.advance(0);
  assert.deepEqual(frames.at(-1), { at: 100, title: 'abcdef 1 80x24' });
  clock.advance(1);
  press('g');
  clock.advance(16);
  assert.deepEqual(frames.at(-1), { at: 116, title: 'abcdefg 1 80x24' });
  assert.equal(frames.length, 3);
});

test('data is painted at most every 33 ms, and a key does not wait for it', () => {
  const { clock, frames, hear, press } = stage();
  clock.advance(0);
  for (let ms = 0; ms < 330; ms++) {
    hear();
    clock.advance(1);
  }
  assert.ok(frames.length <= 11, `${frames.length} frames`);
  const gaps = frames.slice(1).map(({ at }, index) => at - (frames[index]?.at ?? 0));
  assert.ok(gaps.every((gap) => gap >= 33));
  clock.advance(33);
  hear();
  clock.advance(0);
  const last = frames.at(-1)?.at ?? 0;
  hear();
  clock.advance(2);
  press('x');
  clock.advance(14);
  assert.equal(frames.at(-1)?.at, last + 16);
});

test('time passes once a second, or as the model wants, but not faster than 100 ms', () => {
  const slow = stage();
  slow.clock.advance(10_000);
  assert.equal(slow.app.model.ticks, 11);
  const fast = stage({ tickMs: () => 1 });
  fast.clock.advance(1000);
  assert.equal(fast.app.model.ticks, 11);
});

test('a document is shown with its time in one frame, and the next tick waits for the next document', () => {
  const { app, clock, frames, document } = stage({ tickMs: () => 500, quietMs: () => 1250 });
  clock.advance(0);
  const before = frames.length;
  for (let second = 0; second < 5; second++) {
    document();
    clock.advance(1000);
  }
  assert.equal(frames.length - before, 5);
  assert.equal(app.model.ticks, 6);
  // None comes any more: the time goes on as before.
  clock.advance(1250);
  assert.equal(app.model.ticks, 9);
});

test('what a model has put off is done once its picture is out', () => {
  const done: string[] = [];
  const { clock, frames, press } = stage({
    catchUp: (toy: Toy) => done.push(`${toy.keys} after ${frames.length} frames`),
  });
  clock.advance(100);
  press('a', 'b');
  assert.deepEqual(done, [' after 1 frames']);
  clock.advance(16);
  assert.deepEqual(done, [' after 1 frames', 'ab after 2 frames']);
});

test('a model that did not change is not painted again', () => {
  const { app, clock, frames } = stage({
    update: (toy, message) => [message.type === 'resize' ? { ...toy } : toy, []],
  });
  clock.advance(50);
  const before = frames.length;
  app.dispatch({ type: 'paste', at: 50, text: '' });
  clock.advance(900);
  assert.equal(frames.length, before);
});

test('effects reach the connection and the screen', () => {
  const { clock, log, frames, press } = stage();
  clock.advance(50);
  press('r', 'i', 'k', 'z');
  clock.advance(50);
  const before = frames.length;
  press('l');
  clock.advance(50);
  assert.deepEqual(log, ['refresh', 'interval 500', 'command reload', 'suspend', 'redraw']);
  assert.equal(frames.length, before + 1, 'a redraw paints though nothing changed');
});

test('a command is answered under its own id: its reply, then its outcome', async () => {
  const told: unknown[] = [];
  const hear: AppParts<Toy>['update'] = (toy, message) => {
    if (message.type === 'client') told.push(message.event);
    return update(toy, message);
  };
  const accepting = stage({
    update: hear,
    connection: connection({
      message: 'reloading',
      outcome: Promise.resolve({ ok: true, code: 'done', message: '2/2' }),
    }),
  });
  accepting.press('k');
  await setImmediate();
  const refusing = stage({
    update: hear,
    connection: connection(new StatsError('busy', 'too many at once')),
  });
  refusing.press('k');
  await setImmediate();
  const unsent = stage({
    update: hear,
    connection: connection(new StatsError('no-control', 'there is no key')),
  });
  unsent.press('k');
  await setImmediate();
  const all = { at: 0, id: 7 };
  assert.deepEqual(told, [
    { ...all, type: 'reply', ok: true, code: 'accepted', message: 'reloading' },
    { ...all, type: 'outcome', ok: true, code: 'done', message: '2/2' },
    { ...all, type: 'reply', ok: false, code: 'busy', message: 'too many at once' },
    { ...all, type: 'reply', ok: false, code: 'failed', message: 'there is no key' },
  ]);
});

test('a lost picture is painted though nothing changed', () => {
  const { clock, frames, handlers } = stage({ update: (toy) => [toy, []] });
  clock.advance(50);
  const before = frames.length;
  handlers()?.onResize({ width: 80, height: 24 });
  clock.advance(50);
  assert.equal(frames.length, before + 1);
});

test('quitting gives the terminal back, closes the connection and leaves no timer', async () => {
  const { app, clock, log, press } = stage();
  press('q', 'r', 'x');
  assert.deepEqual(await app.ended, { code: 0 });
  assert.deepEqual(log, ['screen closed', 'connection closed']);
  assert.equal(clock.pending, 0);
  assert.equal(app.model.keys, 'q');
});

test('^C and ^\\ get out whatever the model makes of keys', async () => {
  const deaf = () => stage({ update: (toy) => [toy, []] });
  const first = deaf();
  first.press('q', 'ctrl-c');
  assert.deepEqual(await first.app.ended, { code: 0 });
  const second = deaf();
  second.press('ctrl-\\');
  assert.deepEqual(await second.app.ended, { code: 131 });
});

test('a bug in update, in view or in opening ends with its trace, the screen restored', async () => {
  const inUpdate = stage();
  inUpdate.press('!');
  const ending = await inUpdate.app.ended;
  assert.equal(ending.code, 1);
  assert.match(ending.message ?? '', /a bug in update[^]*app\.test/);
  assert.deepEqual(inUpdate.log, ['screen closed', 'connection closed']);

  const broken = (): never => {
    throw new Error('a bug');
  };
  const inView = stage({ view: broken });
  inView.clock.advance(10);
  assert.equal((await inView.app.ended).code, 1);
  assert.equal((await stage({ open: broken }).app.ended).code, 1);
});

test('a signal ends with its code, once', async () => {
  const { app, handlers, log } = stage();
  handlers()?.onEnd({ code: 143 });
  handlers()?.onEnd({ code: 1 });
  assert.deepEqual(await app.ended, { code: 143 });
  assert.deepEqual(log, ['screen closed', 'connection closed']);
});

test('pasted text is never a key', () => {
  const { app, handlers } = stage();
  handlers()?.onInput({ type: 'paste', text: 'q' });
  assert.equal(app.model.keys, '<q>');
});

test('idle settles when the picture shows everything', async () => {
  const { app, clock, frames, press } = stage();
  press('a');
  let idle = false;
  const waiting = app.idle().then(() => (idle = true));
  await Promise.resolve();
  assert.equal(idle, false);
  clock.advance(0);
  await waiting;
  assert.match(frames.at(-1)?.title ?? '', /^a/);
  await app.idle();
});

test('messages sent while one is taken in wait for their turn', () => {
  const order: string[] = [];
  const { app } = stage({
    update(toy, message) {
      if (message.type === 'key') {
        order.push(`begin ${message.key}`);
        if (message.key === 'a') app.dispatch({ type: 'key', at: 0, key: 'b' });
        order.push(`end ${message.key}`);
      }
      return [toy, []];
    },
  });
  app.dispatch({ type: 'key', at: 0, key: 'a' });
  assert.deepEqual(order, ['begin a', 'end a', 'begin b', 'end b']);
});
