import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test, type TestContext } from 'node:test';
import { handOn } from '../../../../server/options/ini/hand-on.js';
import { standardInput } from '../../../../server/options/ini/standard-input.js';
import { makeFolder } from '../../../support/folder.js';

/** A descriptor at the beginning of a file. */
function opened(t: TestContext, written: string): number {
  const file = path.join(makeFolder(t, { 'app.ini': written }), 'app.ini');
  const fd = openSync(file, 'r');
  t.after(() => {
    closeSync(fd);
  });
  return fd;
}

describe('a configuration on standard input', () => {
  test('is read once, when it is asked for, and kept', (t) => {
    const input = standardInput(false, opened(t, '[tsuwsgi]\n'));
    assert.equal(input.taken(), null);
    assert.deepEqual(input.read(), { ok: true, value: '[tsuwsgi]\n' });
    assert.deepEqual(input.read(), { ok: true, value: '[tsuwsgi]\n' }, 'a second section of it');
    assert.equal(input.taken(), '[tsuwsgi]\n');
  });

  test('that nobody has handed on is an error of a new master, with its remedy', (t) => {
    const input = standardInput(true, opened(t, '[tsuwsgi]\n'));
    const read = input.read();
    assert.ok(!read.ok);
    assert.match(read.error, /first master .*: name a file instead$/);
    assert.equal(input.taken(), null);
  });

  test('that cannot be read says why', () => {
    const read = standardInput(false, 999_999).read();
    assert.ok(!read.ok);
    assert.match(read.error, /EBADF/);
  });

  test('is handed on to the end, and a reader that dies first does no harm', async () => {
    const to = new PassThrough();
    const read = text(to);
    handOn('[tsuwsgi]\n'.repeat(10_000), to);
    assert.equal((await read).length, 100_000);
    const dead = new PassThrough();
    handOn('[tsuwsgi]\n', dead);
    dead.destroy(new Error('EPIPE'));
    handOn('[tsuwsgi]\n', null);
  });
});
