import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { rmdirSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { openFileSink } from '../../../server/logging/sinks/file-sink.js';
import type { FileSettings } from '../../../server/logging/sinks/log-file.js';
import { MOST_WAITING, type Sink } from '../../../server/logging/sinks/sink.js';
import { eventually } from '../../support/eventually.js';
import { makeFolder } from '../../support/folder.js';

const PLAIN = { maxSize: null, backupName: null, mode: null, owner: null };

interface Rig {
  readonly sink: Sink;
  readonly file: string;
  readonly told: string[];
  readonly say: (text: string) => void;
}

function open(folder: string, settings: Partial<FileSettings> = {}, truncate = false): Rig {
  const file = path.join(folder, 'app.log');
  const told: string[] = [];
  const opened = openFileSink(
    'file:app.log',
    { ...PLAIN, path: file, ...settings },
    { truncate, tell: (line) => told.push(line) },
  );
  assert.ok(opened.ok);
  const sink = opened.value;
  const say = (text: string): void => {
    sink.write({ data: Buffer.from(`${text}\n`), lines: 1, severity: 'info', at: 0 });
  };
  return { sink, file, told, say };
}

/** All lines of the files of a folder, by their number. */
function numbers(folder: string): number[] {
  const text = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'latin1'));
  const lines = text.join('').split('\n').filter(Boolean);
  return lines.map(Number).sort((a, b) => a - b);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('a log file', () => {
  test('is made for its owner and group, and appended to', async (t) => {
    const folder = makeFolder(t, {});
    const { sink, file, say } = open(folder);
    assert.equal(statSync(file).mode & 0o777, 0o640);
    say('one');
    await sink.close();
    const again = open(folder, { mode: 0o600 });
    again.say('two');
    await again.sink.close();
    assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\n');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(again.sink.counts(), { lines: 1, bytes: 4, dropped: 0 });
    await open(folder, {}, true).sink.close();
    assert.equal(readFileSync(file, 'utf8'), '');
  });

  test('that cannot be opened is refused with its name and what helps', (t) => {
    const folder = makeFolder(t, {});
    const where = path.join(folder, 'none', 'app.log');
    const refused = openFileSink(
      'x',
      { ...PLAIN, path: where },
      { truncate: false, tell: () => 0 },
    );
    assert.ok(!refused.ok);
    assert.match(refused.error, /cannot open the log .*none\/app\.log: .*; make its folder first$/);
  });

  test('loses no line when it is rotated by its size, and overwrites no backup', async (t) => {
    const folder = makeFolder(t, {});
    const { sink, say, told } = open(folder, { maxSize: 1000 });
    for (let round = 0; round < 10; round++) {
      for (let line = 0; line < 200; line++) say(String(round * 200 + line));
      await eventually('what was said', () => sink.counts().lines === (round + 1) * 200);
    }
    await sink.close();
    assert.ok(readdirSync(folder).length > 5);
    assert.deepEqual(numbers(folder), upTo(2000));
    assert.match(told[0] ?? '', /^file:app\.log rotated to .*app\.log\.\d+$/);
  });

  test('loses no line when another program moves it away and has it opened anew', async (t) => {
    const folder = makeFolder(t, {});
    const { sink, file, say } = open(folder);
    for (let round = 0; round < 5; round++) {
      for (let line = 0; line < 1000; line++) {
        say(String(round * 1000 + line));
        if (line === 500) renameSync(file, `${file}.moved${round}`);
      }
      sink.reopen();
      await eventually('the new file', () => statSync(file, { throwIfNoEntry: false }));
    }
    await sink.close();
    assert.equal(readdirSync(folder).length, 6);
    assert.deepEqual(numbers(folder), upTo(5000));
  });

  test('has no hole when another program empties it', async (t) => {
    const folder = makeFolder(t, {});
    const { sink, file, say } = open(folder, { maxSize: 100 });
    say('0'.repeat(90));
    await eventually('the first line', () => sink.counts().lines === 1);
    truncateSync(file);
    for (const line of ['one', 'two', 'three']) say(line);
    await sink.close();
    assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\nthree\n');
    assert.deepEqual(readdirSync(folder), ['app.log']);
  });

  test('that somebody else has replaced is not moved away, only opened anew', async (t) => {
    const folder = makeFolder(t, {});
    const { sink, file, say } = open(folder, { backupName: path.join(folder, 'backup') });
    say('mine');
    await eventually('the line', () => sink.counts().lines === 1);
    renameSync(file, path.join(folder, 'moved'));
    writeFileSync(file, 'of another\n');
    sink.rotate();
    say('next');
    await sink.close();
    assert.deepEqual(readdirSync(folder).sort(), ['app.log', 'moved']);
    assert.equal(readFileSync(file, 'utf8'), 'of another\nnext\n');
  });

  test('is written on when it cannot be opened anew, and that is told', async (t) => {
    const folder = makeFolder(t, {});
    const { sink, file, say, told } = open(folder);
    renameSync(file, path.join(folder, 'moved'));
    mkdirSync(file);
    sink.reopen();
    say('kept');
    await sink.close();
    assert.match(
      told[0] ?? '',
      /cannot open the log .*EISDIR.*the file that was open is written on/,
    );
    assert.equal(readFileSync(path.join(folder, 'moved'), 'utf8'), 'kept\n');
  });
});

describe('a file that is full and cannot be rotated', () => {
  test('says so once until it works again, though what it says is written to it', async (t) => {
    const folder = makeFolder(t, { 'logs/app.log': '' });
    const place = path.join(folder, 'logs');
    let now = 0;
    const told: string[] = [];
    const opened = openFileSink(
      'file:app.log',
      { ...PLAIN, path: path.join(place, 'app.log'), maxSize: 50 },
      {
        ...{ truncate: false, clock: () => now },
        tell: (line) => {
          told.push(line);
          queueMicrotask(() => {
            say(line);
          });
        },
      },
    );
    assert.ok(opened.ok);
    const sink = opened.value;
    const say = (text: string): void => {
      sink.write({ data: Buffer.from(`${text}\n`), lines: 1, severity: 'info', at: 0 });
    };
    const written = (lines: number) =>
      eventually(`${lines} lines`, () => sink.counts().lines >= lines);
    rmSync(place, { recursive: true });
    for (let line = 1; line <= 20; line++) {
      say('a line that is longer than the most that a file may have');
      await written(line);
    }
    await written(21);
    assert.equal(told.length, 1, told.slice(0, 3).join('\n'));
    assert.match(told[0] ?? '', /cannot open the log .*make its folder first; .* is written on$/);
    now += 9_999;
    say('too soon');
    await written(22);
    sink.rotate();
    await eventually('an answer to who asks', () => told.length === 2);
    mkdirSync(place);
    now += 10_000;
    say('to the new file');
    await written(24);
    await sink.close();
    assert.equal(readFileSync(path.join(place, 'app.log'), 'utf8'), 'to the new file\n');
  });
});

/** A disk of 1 MiB; undefined where this user may not mount one. */
function smallDisk(t: TestContext): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-disk-'));
  t.after(() => {
    spawnSync('umount', ['-l', folder]);
    rmdirSync(folder);
  });
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (mount.status !== 0) {
    t.skip(`no disk of 1 MiB can be mounted: ${mount.error?.message ?? String(mount.stderr)}`);
    return undefined;
  }
  return folder;
}

describe('a full disk', () => {
  test('keeps lines waiting, drops and counts what is too much, and tells of it once there is room', async (t) => {
    const folder = smallDisk(t);
    if (folder === undefined) return;
    const ballast = path.join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(1000 * 1024));
    const { sink, file, say, told } = open(folder);
    const line = 'x'.repeat(1023);
    const many = MOST_WAITING / 1024 + 100;
    for (let index = 0; index < 100; index++) say(line);
    await eventually('the trouble', () => told.length > 0);
    for (let index = 100; index < many; index++) say(line);
    assert.match(
      told[0] ?? '',
      /^file:app\.log: ENOSPC: no space left on device.*; what has no room/,
    );
    const { dropped } = sink.counts();
    assert.ok(dropped > 0 && dropped <= 100, String(dropped));
    rmSync(ballast);
    // More than the disk holds waits: room is made until all of it has been written.
    await eventually('what waited', () => {
      if (sink.counts().lines + dropped === many) return true;
      truncateSync(file);
      sink.reopen();
      return false;
    });
    assert.deepEqual(sink.counts().dropped, dropped);
    assert.ok(told.includes(`file:app.log: ${dropped} lines were dropped`), told.join('\n'));
    assert.ok(told.includes('file:app.log is written again'), told.join('\n'));
    truncateSync(file);
    say('after');
    await sink.close();
    assert.equal(readFileSync(file, 'utf8'), 'after\n');
  });
});
