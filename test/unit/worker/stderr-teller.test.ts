import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { type ToldProcess, tellStderr } from '../../../server/worker/stderr-teller.js';

/** A process whose stderr is told; time passes by the test's own clock. */
function told(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const frames: (readonly string[])[] = [];
  const stderr = new PassThrough().resume();
  const process = Object.assign(new EventEmitter(), { stderr }) as unknown as ToldProcess &
    EventEmitter;
  tellStderr(process, (lines) => frames.push(lines));
  return { process, frames, write: (line: string) => stderr.write(`${line}\n`) };
}

test('what is written is told at once, with what came before', (t) => {
  const { write, frames } = told(t);
  write('one');
  write('two');
  assert.deepEqual(frames, [['one'], ['one', 'two']]);
});

test('of a task that writes without end the last lines are told, and not each', (t) => {
  const { write, frames } = told(t);
  for (let line = 1; line <= 1000; line++) write(`line ${line}`);
  assert.equal(frames.length, 20);
  t.mock.timers.tick(500);
  assert.equal(frames.length, 21);
  assert.equal(frames.at(-1)?.at(-1), 'line 1000');
  write('again');
  assert.equal(frames.at(-1)?.at(-1), 'again');
});

test('what was not told yet is told at the exit', (t) => {
  const { process, write, frames } = told(t);
  for (let line = 1; line <= 100; line++) write(`line ${line}`);
  process.emit('exit');
  assert.equal(frames.at(-1)?.at(-1), 'line 100');
});
