import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fifoProblem, writeLetters } from '../../../../top/client/steering/master-fifo.js';
import { makeFolder } from '../../../support/folder.js';

/** Waits for nothing. */
const clock = {
  now: () => 0,
  after(_: number, run: () => void) {
    setImmediate(run);
    return () => undefined;
  },
};

function makeFifo(t: TestContext): string {
  const fifo = path.join(makeFolder(t, {}), 'master.fifo');
  execFileSync('mkfifo', [fifo]);
  return fifo;
}

test('letters are written to who reads the FIFO', async (t) => {
  const fifo = makeFifo(t);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  t.after(() => {
    closeSync(reader);
  });
  assert.equal(await fifoProblem(fifo), null);
  assert.deepEqual(await writeLetters(fifo, '++', clock), { ok: true, value: null });
  const bytes = Buffer.alloc(10);
  assert.equal(bytes.toString('utf8', 0, readSync(reader, bytes)), '++');
});

test('a FIFO that nobody reads is not waited for', async (t) => {
  const fifo = makeFifo(t);
  assert.deepEqual(await writeLetters(fifo, 'r', clock), {
    ok: false,
    error: `nobody reads --fifo ${fifo}: is it the master-fifo of a uWSGI that runs?`,
  });
});

test('a file is left as it is, and a link is not followed', async (t) => {
  const fifo = makeFifo(t);
  const folder = makeFolder(t, { file: 'precious' });
  const file = path.join(folder, 'file');
  assert.deepEqual(await writeLetters(file, 'r', clock), {
    ok: false,
    error: `--fifo ${file} is no FIFO: name what master-fifo of the uWSGI names`,
  });
  assert.equal(readFileSync(file, 'utf8'), 'precious');
  const link = path.join(folder, 'link');
  symlinkSync(fifo, link);
  assert.match((await fifoProblem(link)) ?? '', /is a symbolic link, which is not followed/);
  const nothing = path.join(folder, 'nothing');
  assert.match(
    (await fifoProblem(nothing)) ?? '',
    /there is no --fifo .*nothing: is it the master/,
  );
});
