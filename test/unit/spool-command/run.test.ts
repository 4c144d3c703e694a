import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { openFolderQueue } from '../../../server/queue/folder/open.js';
import type { Queue } from '../../../server/queue/contract.js';
import { makeFolder } from '../../support/folder.js';
import { mustClaim, orderOf } from '../../support/queue-orders.js';
import { runSpoolIn as run } from '../../support/spool-command.js';

async function queueIn(t: TestContext): Promise<{ folder: string; queue: Queue }> {
  const folder = makeFolder(t, {});
  const queue = await openFolderQueue(folder, { ordered: false });
  t.after(() => queue.close());
  return { folder, queue };
}

async function fail(queue: Queue, error = 'no paint'): Promise<string> {
  const { id } = await queue.put(orderOf({ retries: 0 }));
  await queue.settle(await mustClaim(queue), { type: 'failed', error });
  return id;
}

test('a task is put in from the words, from standard input, and with a body', async (t) => {
  const { folder, queue } = await queueIn(t);
  const { printed, code } = await run(folder, ['q', 'paint', '{"cat":1}', '--key', 'a']);
  assert.deepEqual([code, (await queue.show(printed))?.payload], [0, { cat: 1 }]);
  const again = await run(folder, ['q', 'paint', '--key', 'a']);
  assert.deepEqual([again.code, again.printed], [0, printed], 'the id of the one that is there');
  assert.match(again.told, /a task with the key "a" is there: nothing was put in/);
  await queue.drop(printed);
  await run(folder, ['q', 'paint', '-'], { input: '{"cat":2}\n' });
  assert.deepEqual((await mustClaim(queue)).payload, { cat: 2 });
  await run(folder, ['q', 'paint', '--body', '-'], { input: 'red' });
  const { body } = await mustClaim(queue);
  assert.ok(body !== null);
  assert.equal(String(await buffer(body())), 'red');
});

test('a payload that is not JSON and a body that cannot be read are refused', async (t) => {
  const { folder, queue } = await queueIn(t);
  const bad = await run(folder, ['q', 'paint', '-'], { input: 'cat' });
  assert.deepEqual([bad.code, bad.printed], [1, '']);
  assert.match(bad.told, /the payload "cat" is not JSON: give JSON/);
  const missing = await run(folder, ['q', 'paint', '--body', path.join(folder, 'none')]);
  assert.equal(missing.code, 1);
  assert.match(missing.told, /--body .*none cannot be read: ENOENT/);
  assert.equal(await queue.claim(), null);
});

test('tasks are listed in columns, and what is left out is counted', async (t) => {
  const { folder, queue } = await queueIn(t);
  assert.match((await run(folder, ['--list', 'q'])).told, /the queue is empty/);
  for (const name of ['one', 'two', 'three']) await queue.put(orderOf({ name }));
  await queue.pause(true);
  const { printed, told } = await run(folder, ['--list', 'q', '--most', '2']);
  const lines = printed.split('\n');
  assert.match(lines[0] ?? '', /^ID {32}STATE {4}PRI {2}RUNS {2}DUE {19}NAME$/);
  assert.match(lines[1] ?? '', /^[0-9a-f]{32} {2}waiting {2}5 {4}0 {5}\d{4}-.*Z {2}one$/);
  assert.equal(lines.length, 3);
  assert.match(told, /the queue is paused: --resume/);
  assert.match(told, /1 more waiting: --state waiting --most N lists more/);
  const json: unknown = JSON.parse((await run(folder, ['--list', 'q', '--json'])).printed);
  assert.ok(Array.isArray(json) && json.length === 3);
});

test('nothing in a task drives the terminal', async (t) => {
  const { folder, queue } = await queueIn(t);
  const hostile = '\u001b[2J\u009b31m\u202etxt';
  const { id } = await queue.put(
    orderOf({ name: hostile, payload: JSON.stringify([hostile]), dedupeKey: hostile, retries: 0 }),
  );
  await queue.settle(await mustClaim(queue), { type: 'failed', error: `${hostile}\n at x` });
  const looks = [
    ['--list', 'q'],
    ['--list', 'q', '--json'],
    ['--show', 'q', id],
  ];
  for (const words of [...looks, ['--show', 'q', id, '--json'], ['--show', 'q', hostile]]) {
    const { printed, told } = await run(folder, words);
    assert.doesNotMatch(printed + told, /[^\P{C}\n]/u, words.join(' '));
  }
  const { printed } = await run(folder, ['--show', 'q', id]);
  assert.match(printed, /^run 1 failed, \d{4}-.*Z:\n {4}\\x1b\[2J.*\n {4} at x$/m);
});

test('tasks are retried and dropped by their ids, and what cannot be is told', async (t) => {
  const { folder, queue } = await queueIn(t);
  const id = await fail(queue);
  const retried = await run(folder, ['--retry', 'q', id]);
  assert.deepEqual([retried.code, retried.printed], [0, `${id} offered again`]);
  await mustClaim(queue);
  const dropped = await run(folder, ['--drop', 'q', id, 'f'.repeat(32)]);
  assert.equal(dropped.code, 1);
  assert.match(dropped.told, /task [0-9a-f]+ is running: nobody else may touch it/);
  assert.match(dropped.told, /there is no task f+: it has run, or never was; see --list/);
});

test('all that failed are dropped when that was asked, or --yes was given', async (t) => {
  const { folder, queue } = await queueIn(t);
  for (let count = 0; count < 3; count++) await fail(queue);
  await queue.put(orderOf({ priority: 9 }));
  const left = async (): Promise<number> => (await queue.counts()).failed;
  const refused = await run(folder, ['--drop', 'q', '--all']);
  assert.deepEqual([refused.code, await left()], [1, 3]);
  assert.match(refused.told, /nobody can be asked whether to drop all 3 failed tasks of .*--yes/);
  const questions: string[] = [];
  const answer = (yes: boolean) => (question: string) => {
    questions.push(question);
    return Promise.resolve(yes);
  };
  const denied = await run(folder, ['--drop', 'q', '--all'], { ask: answer(false) });
  assert.deepEqual([denied.code, await left()], [1, 3]);
  assert.equal((await run(folder, ['--drop', 'q', '--all'], { ask: answer(true) })).code, 0);
  assert.match(questions.join(), /^Drop all 3 failed tasks of .* for good\?/);
  assert.deepEqual([await left(), (await queue.counts()).waiting], [0, 1]);
  await fail(queue);
  assert.equal((await run(folder, ['--retry', 'q', '--all'])).code, 0);
  const all = ['--drop', 'q', '--all', '--state', 'waiting', '--yes'];
  assert.equal((await run(folder, all)).printed.split('\n').length, 2);
});

test('a queue is paused, counted and resumed', async (t) => {
  const { folder, queue } = await queueIn(t);
  await queue.put(orderOf());
  assert.equal((await run(folder, ['--pause', 'q'])).printed, 'paused: what runs goes on');
  const { printed } = await run(folder, ['--counts', 'q']);
  assert.match(printed, /^waiting {2}1\ndelayed {2}0\n[^]*paused {3}yes$/);
  assert.equal(await queue.claim(), null);
  await run(folder, ['--resume', 'q']);
  await mustClaim(queue);
});

test('a look at a folder that is no queue makes none', async (t) => {
  const folder = path.join(makeFolder(t, {}), 'none');
  for (const words of [
    ['--list', 'q'],
    ['--show', 'q', '1'],
    ['--drop', 'q', '1'],
    ['--pause', 'q'],
  ]) {
    const { code, told } = await run(folder, words);
    assert.equal(code, 1);
    assert.match(told, /there is no queue.json, so it is not a queue: name the folder/);
  }
  assert.equal(existsSync(folder), false);
});
