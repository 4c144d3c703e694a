import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { BodyMemory } from '../../../../server/router/held/body-memory.js';
import { HeldBody, MOST_IN_MEMORY } from '../../../../server/router/held/held-body.js';
import { namelessFile } from '../../../../server/router/held/nameless-file.js';
import { eventually } from '../../../support/eventually.js';
import { makeFolder } from '../../../support/folder.js';

const unneeded = (): Promise<FileHandle> => Promise.reject(new Error('no file is needed'));

/** Pieces of other sizes, none of them the same, as many bytes together. */
function* pieces(bytes: number): Generator<Buffer> {
  for (let at = 0, size = 1; at < bytes; at += size, size = (size * 7) % 40_009) {
    const piece = Buffer.alloc(Math.min(size, bytes - at));
    for (let i = 0; i < piece.length; i++) piece[i] = (at + i) % 251;
    yield piece;
  }
}

async function fill(body: HeldBody, bytes: number): Promise<Buffer> {
  const all: Buffer[] = [];
  for (const piece of pieces(bytes)) {
    all.push(Buffer.from(piece));
    await body.take(piece);
    // Whoever gave it may use it for something else.
    piece.fill(0);
  }
  return Buffer.concat(all);
}

async function readAll(body: HeldBody): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of body.read()) all.push(piece as Buffer);
  return Buffer.concat(all);
}

test('a small body stays in memory, and gives back what it took once it is read', async () => {
  const memory = new BodyMemory(1_000_000);
  const body = new HeldBody(memory, unneeded);
  const given = await fill(body, 10_000);
  assert.deepEqual([body.length, body.isInFile], [10_000, false]);
  assert.ok(memory.taken >= 10_000 && memory.taken <= 20_000, `${memory.taken}`);
  assert.deepEqual(await readAll(body), given);
  await eventually('its memory', () => memory.taken === 0);
});

test('an empty body takes nothing', async () => {
  const memory = new BodyMemory(1_000_000);
  const body = new HeldBody(memory, unneeded);
  assert.deepEqual([body.length, memory.taken], [0, 0]);
  assert.equal((await readAll(body)).length, 0);
});

test('a body beyond its memory goes to a file without a name, and is read as it came', async (t) => {
  const folder = makeFolder(t, {});
  const memory = new BodyMemory(1_000_000);
  const body = new HeldBody(memory, () => namelessFile(folder));
  const given = await fill(body, 3_000_000);
  assert.deepEqual([body.length, body.isInFile], [3_000_000, true]);
  assert.ok(memory.taken <= MOST_IN_MEMORY);
  assert.deepEqual(readdirSync(folder), []);
  assert.ok(given.equals(await readAll(body)));
  await eventually('its memory', () => memory.taken === 0);
});

test('a body for which there is no memory at all goes to a file too', async (t) => {
  const folder = makeFolder(t, {});
  const memory = new BodyMemory(10_000);
  const [first, second] = [
    new HeldBody(memory, unneeded),
    new HeldBody(memory, () => namelessFile(folder)),
  ];
  await fill(first, 8_000);
  const given = await fill(second, 5_000);
  assert.deepEqual([first.isInFile, second.isInFile], [false, true]);
  assert.ok(memory.taken <= 10_000);
  assert.ok(given.equals(await readAll(second)));
  first.discard();
  assert.equal(memory.taken, 0);
});

test('a body that is discarded closes its file, also while that is being opened', async (t) => {
  const folder = makeFolder(t, {});
  const memory = new BodyMemory(0);
  const opened: FileHandle[] = [];
  const body = new HeldBody(memory, async () => {
    opened.push(await namelessFile(folder));
    return opened[0]!;
  });
  const writing = body.take(Buffer.alloc(100));
  body.discard();
  body.discard();
  await writing;
  assert.deepEqual(
    opened.map(({ fd }) => fd),
    [-1],
  );
  assert.equal(memory.taken, 0);
});

test('a full disk is an error, and none that is forgotten', async () => {
  const body = new HeldBody(new BodyMemory(0), () => open('/dev/full', 'r+'));
  await assert.rejects(async () => body.take(Buffer.alloc(100)), /ENOSPC/);
  body.discard();
});

test('a file without a name is for its user only', async (t) => {
  const folder = makeFolder(t, {});
  await using file = await namelessFile(folder);
  const { mode, nlink } = await file.stat();
  assert.deepEqual([mode & 0o777, nlink], [0o600, 0]);
  assert.deepEqual(readdirSync(folder), []);
  await assert.rejects(stat(path.join(folder, 'other')));
});
