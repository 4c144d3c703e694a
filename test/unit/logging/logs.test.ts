import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { streamLog } from '../../../server/log.js';
import { type Logs, openLogs } from '../../../server/logging/logs.js';
import type { LoggingSettings } from '../../../server/logging/settings.js';
import { eventually } from '../../support/eventually.js';
import { makeFolder } from '../../support/folder.js';

const PLAIN: LoggingSettings = {
  ...{ loggers: [], late: [], requestLoggers: null },
  dress: { json: false, prefix: null, date: null },
  files: { maxSize: null, backupName: null, mode: null, owner: null },
  ...{ truncate: false, reopenOnReload: false },
};

interface Rig {
  readonly logs: Logs;
  readonly log: ReturnType<typeof streamLog>;
  /** What is in a file of the folder. */
  readonly text: (name: string) => string;
  /** A logger for a file of the folder. */
  readonly file: (name: string) => { readonly kind: 'file'; readonly path: string };
}

function rig(t: TestContext, settings: Partial<LoggingSettings> | null, files = {}): Rig {
  const folder = makeFolder(t, files);
  const file: Rig['file'] = (name) => ({ kind: 'file', path: path.join(folder, name) });
  const log = streamLog(new PassThrough());
  const given = settings === null ? null : { ...PLAIN, loggers: [file('a')], ...settings };
  const logs = openLogs(given, log, process.stderr);
  assert.ok(logs.ok);
  t.after(() => logs.value.close());
  const text = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  return { logs: logs.value, log, text, file };
}

describe('a log whose settings change', () => {
  test('goes to other files from then on, and counts what each has got', async (t) => {
    const { logs, log, text, file } = rig(t, { truncate: true }, { a: 'old\n', b: 'kept\n' });
    log('one');
    assert.ok(logs.apply({ ...PLAIN, loggers: [file('b')] }).ok);
    log('two');
    await eventually('both lines', () => text('a') === 'one\n' && text('b') === 'kept\ntwo\n');
    await eventually('the count', () => logs.counts()[0]?.lines === 1);
    assert.deepEqual(logs.counts().length, 1, 'what is gone is not counted among the loggers');
    assert.ok(logs.apply({ ...PLAIN, loggers: [file('a'), file('b')] }).ok);
    log('three');
    await eventually('what the first file had before', () => {
      return logs.counts().every(({ lines }) => lines === 2);
    });
    assert.equal(text('a'), 'one\nthree\n');
  });

  test('is dressed otherwise, and rotated to another name, in the file that it has', async (t) => {
    const { logs, log, text, file } = rig(t, {});
    log('plain');
    const files = { ...PLAIN.files, maxSize: 5000, backupName: file('old').path };
    const dress = { ...PLAIN.dress, json: true };
    assert.ok(logs.apply({ ...PLAIN, loggers: [file('a')], dress, files }).ok);
    logs.rotate();
    log('as an object');
    await eventually('the rotated file', () => existsSync(file('old').path));
    await eventually('the object', () => {
      return `${text('old')}${text('a')}`.includes('"message":"as an object"');
    });
  });

  test('stays as it was where one of its loggers cannot be opened', async (t) => {
    const { logs, log, text, file } = rig(t, {}, { 'folder/in-it': '' });
    const loggers = [file('b'), file('folder')];
    const applied = logs.apply({ ...PLAIN, loggers });
    assert.match(applied.ok ? '' : applied.error, /folder/);
    const requests = logs.apply({ ...PLAIN, loggers: [file('c')], requestLoggers: loggers });
    assert.ok(!requests.ok);
    log('still here');
    await eventually('the line', () => text('a') === 'still here\n');
    assert.deepEqual([text('b'), text('c')], ['', '']);
  });

  test('is collected from when that is wanted on, and from children that have pipes then', async (t) => {
    const { logs, log, text, file } = rig(t, null);
    assert.equal(logs.isCollecting, false);
    assert.deepEqual(logs.counts(), []);
    const settings = { ...PLAIN, loggers: [file('a')], requestLoggers: [file('r')] };
    assert.ok(logs.apply(settings).ok);
    assert.ok(logs.isCollecting);
    log('of the master');
    const child = spawn('/bin/sh', ['-c', 'echo of a worker; echo a request >&3'], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    await logs.collect(child, { process: 'worker', id: 1 }, 3);
    await eventually('the lines', () => {
      return text('a') === 'of the master\nof a worker\n' && text('r') === 'a request\n';
    });
    assert.ok(logs.apply({ ...settings, requestLoggers: null }).ok);
    const further = spawn('/bin/sh', ['-c', 'echo with the others >&3'], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    await logs.collect(further, { process: 'worker', id: 1 }, 3);
    await eventually('the request', () => text('a').endsWith('with the others\n'));
    assert.ok(logs.apply(null).ok);
    assert.equal(logs.isCollecting, false);
  });
});
