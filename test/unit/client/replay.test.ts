import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { openRecorder } from '../../../top/client/recorder.js';
import { openRecording } from '../../../top/client/recording-file.js';
import { replayClock } from '../../../top/client/replay-clock.js';
import { ReplayClient } from '../../../top/client/replay.js';
import type { ClientEvent } from '../../../top/model/client-event.js';
import { recordingLine } from '../../../top/model/recording.js';
import { eventually } from '../../support/eventually.js';
import { makeFolder } from '../../support/folder.js';
import { asJson } from '../../support/readings.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

/** Lines of a recording, these seconds after its beginning. */
function lines(...seconds: readonly number[]): string {
  return seconds
    .map((second) => {
      const stats = asJson(instance([worker(1, { requests: second })]));
      return recordingLine({ stats, transport: 'raw', wallMs: (NOW + second) * 1000 });
    })
    .join('');
}

/** A recording that is played, and what it told. */
async function play(test: TestContext, text: string, speed: number) {
  const file = path.join(makeFolder(test, { 'x.ndjson': text }), 'x.ndjson');
  const recording = await openRecording(file);
  assert.ok(recording.ok, recording.ok ? '' : recording.error);
  const real = createVirtualClock();
  const clock = replayClock(real, speed, recording.value.first.wallMs);
  const events: ClientEvent[] = [];
  let ended = false;
  const client = new ReplayClient(recording.value, { file, clock, onEnd: () => (ended = true) });
  client.start((event) => events.push(event));
  test.after(() => {
    client.close();
  });
  const documents = (): number[] =>
    events.flatMap((event) => (event.type === 'document' ? [event.at] : []));
  const problems = (): string[] =>
    events.flatMap((event) => (event.type === 'problem' ? [event.message] : []));
  return { real, clock, client, events, documents, problems, ended: () => ended };
}

test('documents come at their distances, so many times as fast', async (t) => {
  const { real, clock, documents, ended } = await play(t, lines(0, 2, 6), 2);
  await eventually('the first wait', () => real.pending === 1);
  assert.deepEqual(documents(), [0]);
  assert.equal(clock.wallMs(), NOW * 1000);
  real.advance(999);
  assert.deepEqual(documents(), [0]);
  real.advance(1);
  await eventually('the second', () => documents().length === 2 && real.pending === 1);
  assert.equal(clock.wallMs(), (NOW + 2) * 1000);
  real.advance(2000);
  await eventually('the end', () => ended());
  assert.deepEqual(documents(), [0, 2000, 6000], 'under the times of the recording');
  real.advance(60_000);
  assert.equal(clock.now(), 6000, 'and then time stands still');
});

test('a recording can be held, and goes on from there at another speed', async (t) => {
  const { real, clock, documents } = await play(t, lines(0, 2, 6), 1);
  await eventually('the first wait', () => real.pending === 1);
  real.advance(1500);
  clock.hold(true);
  real.advance(60_000);
  assert.deepEqual([clock.now(), documents()], [1500, [0]]);
  clock.setSpeed(4);
  assert.equal(clock.now(), 1500);
  clock.hold(false);
  await eventually('the wait at its speed', () => real.pending === 1);
  real.advance(125);
  await eventually('the second', () => documents().length === 2);
  assert.equal(clock.now(), 2000);
  await eventually('the next wait', () => real.pending === 1);
  real.advance(1000);
  await eventually('the third', () => documents().length === 3);
});

test('without speed nothing is waited for', async (t) => {
  const { real, documents, problems, ended } = await play(t, lines(0, 3600, 7200), 0);
  await eventually('the end', () => ended());
  assert.deepEqual(documents(), [0, 3_600_000, 7_200_000]);
  assert.deepEqual(problems(), ['the recording has ended']);
  assert.equal(real.now(), 0);
});

test('a line that cannot be read is told with its number, and skipped', async (t) => {
  const text = `${lines(0)}{"broken\n\n${lines(1)}${lines(2).slice(0, 40)}`;
  const { documents, problems, ended } = await play(t, text, 0);
  await eventually('the end', () => ended());
  assert.deepEqual(documents(), [0, 1000]);
  assert.match(problems()[0] ?? '', /x\.ndjson: line 2 is not JSON$/);
  assert.match(problems()[1] ?? '', /x\.ndjson: line 5 is not JSON$/);
});

test('a clock that was set back does not turn time back', async (t) => {
  const { documents, ended } = await play(t, lines(10, 20, 5, 30), 0);
  await eventually('the end', () => ended());
  assert.deepEqual(documents(), [0, 10_000, 10_000, 20_000]);
});

test('a recording takes no commands, and says so before anybody asks', async (t) => {
  const { client, events, ended } = await play(t, lines(0), 0);
  await eventually('the end', () => ended());
  client.command(7);
  const control = events.find(({ type }) => type === 'control');
  assert.match(JSON.stringify(control), /this is a recording/);
  assert.match(JSON.stringify(events.at(-1)), /"id":7,"ok":false/);
});

test('what is no recording is refused, with how one is made', async (t) => {
  const folder = makeFolder(t, { empty: '', text: 'hello\n' });
  const cases = [
    ['missing', /--replay .*missing: it cannot be read: ENOENT/],
    ['empty', /--replay .*empty: it is empty/],
    ['text', /--replay .*text: line 1 is not JSON/],
    ['.', /it cannot be read: EISDIR/],
  ] as const;
  for (const [name, message] of cases) {
    const opened = await openRecording(path.join(folder, name));
    assert.match(opened.ok ? '' : opened.error, message);
    assert.match(opened.ok ? '' : opened.error, /tsuwsgitop --record FILE ADDRESS$/);
  }
});

test('a recorder adds to a file that is for its user alone', (t) => {
  const file = path.join(makeFolder(t, {}), 'new.ndjson');
  for (let turn = 0; turn < 2; turn++) {
    const recorder = openRecorder(file);
    assert.ok(recorder.ok);
    recorder.value.write({ stats: asJson(instance([])), transport: 'live', wallMs: NOW });
    recorder.value.close();
    assert.equal(recorder.value.problem, null);
  }
  assert.equal(readFileSync(file, 'utf8').match(/\n/g)?.length, 2);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a recorder that cannot write says why, once and for all', (t) => {
  const nowhere = openRecorder(path.join(makeFolder(t, {}), 'no folder', 'x'));
  assert.match(nowhere.ok ? '' : nowhere.error, /^--record .*x cannot be written: ENOENT/);
});

test(
  'a full disk ends the recording and nothing else',
  { skip: process.platform === 'linux' ? false : 'needs /dev/full' },
  () => {
    const recorder = openRecorder('/dev/full');
    assert.ok(recorder.ok);
    recorder.value.write({ stats: asJson(instance([])), transport: 'live', wallMs: NOW });
    assert.match(recorder.value.problem ?? '', /^--record \/dev\/full ends here, .*ENOSPC/);
    recorder.value.write({ stats: asJson(instance([])), transport: 'live', wallMs: NOW });
  },
);

test('time jumps ahead into what has not been played: all of it is told at once, and it goes on', async (t) => {
  const { real, clock, documents } = await play(t, lines(0, 2, 60, 90, 95), 1);
  await eventually('the first wait', () => real.pending === 1);
  clock.seek(91_000);
  await eventually('what was jumped over', () => documents().length === 4 && real.pending === 1);
  assert.equal(clock.now(), 91_000);
  clock.seek(3000);
  assert.equal(clock.now(), 91_000, 'never back');
  real.advance(4000);
  await eventually('the next one', () => documents().length === 5);
  assert.deepEqual(documents(), [0, 2000, 60_000, 90_000, 95_000]);
});
