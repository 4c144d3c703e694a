import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { recordingLine } from '../../top/model/recording.js';
import { makeFolder } from '../support/folder.js';
import { openPty, type Pty } from '../support/pty.js';
import { asJson } from '../support/readings.js';
import { smallDocument, smallWorker } from '../support/small-document.js';
import { NOW } from '../support/stats-builder.js';

/** A recording of more workers than any screen has lines, in a real terminal. */

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

const WORKERS = 500;
const DOCUMENTS = 8;
/** Time enough to stop the recording before its last document, on a loaded machine too. */
const APART_S = 5;

/** The order by requests is another one in each document, and no two workers have as many. */
const requestsOf = (id: number, turn: number): number => ((id * 7 + turn * 131) % WORKERS) + 1;

/** `gen` in the header tells which document is shown. */
function recording(t: TestContext): string {
  const lines = Array.from({ length: DOCUMENTS }, (_, turn) => {
    const time = NOW + turn * APART_S;
    const workers = Array.from({ length: WORKERS }, (__, index) => {
      return { ...smallWorker(index + 1), requests: requestsOf(index + 1, turn) };
    });
    const stats = { ...smallDocument(0, time), generation: turn, workers };
    return recordingLine({ stats: asJson(stats), transport: 'live', wallMs: time * 1000 });
  });
  return path.join(makeFolder(t, { 'fleet.ndjson': lines.join('') }), 'fleet.ndjson');
}

async function replay(t: TestContext, ...options: string[]): Promise<Pty | undefined> {
  const args = [TOP, '--replay', recording(t), '--view', 'workers', ...options];
  const top = await openPty(t, { args, width: 120, height: 40 });
  if (top) await top.until((screen) => workersOn(screen).length > 20, 'the table');
  return top;
}

/** The ids of the workers in sight, from above to below. */
function workersOn(screen: string): number[] {
  return [...screen.matchAll(/^[ ▶] +(\d+) [○●]/gm)].map(([, id]) => Number(id));
}

/** The id of the marked worker; 0 without a mark. */
function markedOn(screen: string): number {
  return Number(/^▶ +(\d+) /m.exec(screen)?.[1] ?? 0);
}

/** Whether the frame is drawn to its end: the last line says who is in sight. */
function isWhole(screen: string): boolean {
  const [, from, to] = /(\d+)-(\d+) of \d+$/.exec(screen) ?? [];
  const there = workersOn(screen);
  const expected = Array.from({ length: there.length }, (_, index) => Number(from) + index);
  return there.join() === expected.join() && there.at(-1) === Number(to);
}

/** Presses a key until a worker is marked; who was to be seen on the way. */
async function paged(top: Pty, key: string, to: number): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  for (;;) {
    const before = markedOn(top.screen());
    const there = workersOn(top.screen());
    assert.ok(there.includes(before), 'the mark is in sight');
    for (const id of there) seen.add(id);
    if (before === to) return seen;
    top.press(key);
    await top.until(
      (screen) => ![0, before].includes(markedOn(screen)) && isWhole(screen),
      `a page on from worker ${before}`,
    );
  }
}

test('of 500 replayed workers End shows the last one, Home the first, and pages all between', async (t) => {
  const top = await replay(t);
  if (!top) return;
  assert.equal(workersOn(top.screen())[0], 1);
  top.press('end');
  await top.until((screen) => markedOn(screen) === WORKERS && isWhole(screen), 'the last worker');
  assert.equal(workersOn(top.screen()).at(-1), WORKERS, 'nothing comes after it');
  top.press('home');
  await top.until((screen) => markedOn(screen) === 1 && isWhole(screen), 'the first worker');
  assert.equal(workersOn(top.screen())[0], 1);
  assert.equal((await paged(top, 'pagedown', WORKERS)).size, WORKERS, 'nobody is left out');
  assert.equal((await paged(top, 'pageup', 1)).size, WORKERS, 'nor on the way back');
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});

test('the mark stays on its worker when the next document puts it elsewhere', async (t) => {
  const top = await replay(t, '--sort', 'req');
  if (!top) return;
  const last = (): number | undefined => workersOn(top.screen()).at(-1);
  const turn = (): number => Number(/ gen (\d+) /.exec(top.screen())?.[1] ?? NaN);
  top.press('p');
  await top.until(
    (screen) =>
      screen.includes('paused') &&
      workersOn(screen).every((id, rank) => requestsOf(id, turn()) === WORKERS - rank),
    'the pause, and those with the most requests',
  );
  const paused = turn();
  assert.ok(paused < DOCUMENTS - 1, 'there are documents to come');
  top.press('end');
  await top.until((screen) => markedOn(screen) > 0 && last() === markedOn(screen), 'the mark');
  const marked = markedOn(top.screen());
  top.press('p');
  await top.until(
    (screen) => turn() > paused && markedOn(screen) === marked && last() !== marked,
    'the next document, with the mark on the same worker, which is not the last one any more',
  );
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});
