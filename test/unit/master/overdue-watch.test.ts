import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpoolerBook } from '../../../server/master/decide/spoolers/spooler-book.js';
import { createOverdueWatch } from '../../../server/master/overdue-watch.js';

/** A watch with `--spooler-harakiri` of a second, over a clock of its own. */
function watched() {
  const book = createSpoolerBook();
  const told: string[] = [];
  let clock = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const watch = createOverdueWatch({
    book,
    harakiriMs: () => 1000,
    tell: ({ pid, id }) => told.push(`${clock}: ${pid} ${id}`),
    now: () => clock,
    later(ms, run) {
      const timer = { at: clock + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  });
  return {
    told,
    timers: () => timers.map(({ at }) => at),
    begin: (pid: number, id: string) => {
      const run = { id, name: 'resize', attempt: 1, timeoutMs: null };
      book.began(1, pid, run, clock);
      watch.began(run);
    },
    end: (pid: number, id: string) => {
      book.ended(pid, { id, how: 'done', ms: 1 }, clock);
    },
    gone: (pid: number) => {
      book.retire(pid);
      watch.forget(pid);
    },
    /** Sets the clock to `until`, through all timers before. */
    pass: (until: number) => {
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        clock = next.at;
        next.run();
      }
      clock = until;
    },
  };
}

test('a run is told of when its time is over, to the millisecond', () => {
  const { begin, pass, told } = watched();
  begin(10, 'a');
  pass(250);
  begin(20, 'b');
  pass(5000);
  assert.deepEqual(told, ['1000: 10 a', '1250: 20 b']);
});

test('one timer serves all runs, and none is left when all have ended', () => {
  const { begin, end, pass, timers, told } = watched();
  for (let run = 0; run < 50; run++) {
    begin(10, `a${run}`);
    pass(run * 10);
    end(10, `a${run}`);
  }
  assert.equal(timers().length, 1);
  pass(5000);
  assert.deepEqual([told, timers()], [[], []]);
});

test('a process is told of once, however many of its runs take too long, and its pid again later', () => {
  const { begin, gone, pass, told } = watched();
  begin(10, 'a');
  pass(10);
  begin(10, 'b');
  pass(3000);
  assert.deepEqual(told, ['1000: 10 a']);
  gone(10);
  begin(10, 'c');
  pass(5000);
  assert.deepEqual(told, ['1000: 10 a', '4000: 10 c']);
});
