import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parsePushTarget } from '../../../server/options/stats-push.js';
import { filePusher } from '../../../server/push/file-pusher.js';
import type { Pusher, PushSource } from '../../../server/push/pusher.js';
import type { StatsDocument } from '../../../shared/stats.js';
import { makeFolder } from '../../support/folder.js';
import { smallDocument } from '../../support/small-document.js';

function pusherTo(text: string, log: string[]): Pusher {
  const target = parsePushTarget(`file:path=${text}`);
  assert.ok(target.ok && target.value.kind === 'file');
  return filePusher(target.value, (line) => log.push(line));
}

function source(time: number, role: ReturnType<PushSource['role']> = 'leads'): PushSource {
  const document = (): StatsDocument => smallDocument(1, time);
  return { document, own: () => assert.fail('half of the counts'), role: () => role };
}

test('documents are appended, each with the separator behind it', async (t) => {
  const file = path.join(makeFolder(t, {}), 'stats');
  const log: string[] = [];
  const pusher = pusherTo(`${file},separator=\\n`, log);
  for (const time of [1, 2, 3]) await pusher.push(source(time));
  const lines = readFileSync(file, 'utf8').split('\n');
  assert.equal(lines.pop(), '');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    [1, 2, 3].map((time) => smallDocument(1, time)),
  );
  assert.equal(statSync(file).mode & 0o007, 0, 'it is not for everybody');
  assert.deepEqual(log, []);
});

test('a file that is moved away is made anew', async (t) => {
  const file = path.join(makeFolder(t, {}), 'stats');
  const pusher = pusherTo(file, []);
  await pusher.push(source(1));
  renameSync(file, `${file}.1`);
  await pusher.push(source(2));
  const [text = ''] = readFileSync(file, 'utf8').split('\n\n');
  assert.deepEqual(JSON.parse(text), smallDocument(1, 2));
});

test('a missing folder costs one log line, and is written to when it is there', async (t) => {
  const folder = path.join(makeFolder(t, {}), 'later');
  const log: string[] = [];
  const pusher = pusherTo(path.join(folder, 'stats'), log);
  for (const time of [1, 2, 3]) await pusher.push(source(time));
  assert.equal(log.length, 1);
  assert.match(log[0] ?? '', /^stats push file:path=.*: ENOENT.*; it is tried again/);
  mkdirSync(folder);
  await pusher.push(source(4));
  assert.ok(existsSync(path.join(folder, 'stats')));
  assert.match(log[1] ?? '', /it works again$/);
});

const full = existsSync('/dev/full') ? false : 'needs /dev/full';

test('a full disk costs one log line', { skip: full }, async () => {
  const log: string[] = [];
  const pusher = pusherTo('/dev/full', log);
  for (const time of [1, 2, 3]) await pusher.push(source(time));
  assert.equal(log.length, 1);
  assert.match(log[0] ?? '', /ENOSPC/);
});

test('a FIFO that nobody reads holds nobody up', async (t) => {
  const fifo = path.join(makeFolder(t, {}), 'fifo');
  assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
  const log: string[] = [];
  await pusherTo(fifo, log).push(source(1));
  assert.match(log[0] ?? '', /ENXIO/);
});

test('only the master that serves writes', async (t) => {
  const file = path.join(makeFolder(t, {}), 'stats');
  const pusher = pusherTo(file, []);
  await pusher.push(source(1, 'waits'));
  await pusher.push(source(2, 'leaves'));
  assert.equal(existsSync(file), false);
});
