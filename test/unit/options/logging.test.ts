import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { readOptions } from '../../../shared/options.js';
import { loggingProblem, loggingSettings } from '../../../server/options/logging.js';
import { type Options, OPTIONS } from '../../../server/options/table.js';

const OWNER = { uid: 7, gid: 8 };

type Given = readonly [name: string, value?: string];

function options(...given: readonly Given[]): Options {
  const settings = given.map(([name, value = '']) => ({ name, value, origin: name }));
  const read = readOptions(OPTIONS, settings);
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
}

function settings(...given: readonly Given[]) {
  return loggingSettings(options(...given), {
    owner: OWNER,
    isSuccessor: false,
    folder: process.cwd(),
  });
}

describe('the log', () => {
  test('is written by each process itself unless an option needs the master for it', () => {
    assert.equal(settings(), null);
    assert.equal(settings(['log-micros'], ['log-level', 'debug']), null);
    for (const name of ['log-master', 'log-json', 'log-prefix', 'log-date']) {
      assert.deepEqual(settings([name])?.loggers, [{ kind: 'stdio' }], name);
    }
  });

  test('goes to every file and logger that is named, and requests elsewhere if one is for them', () => {
    const all = settings(['logto', 'a'], ['logger', 'fd:3'], ['logger', 'file:b'], ['logto2', 'c']);
    // Absolute: --chdir comes later, and files are opened again after it.
    const file = (name: string) => ({ kind: 'file', path: path.resolve(name) });
    assert.deepEqual(all?.loggers, [file('a'), { kind: 'fd', fd: 3 }, file('b')]);
    assert.deepEqual(all.late, [file('c')]);
    assert.equal(all.requestLoggers, null);
    const apart = settings(['logger-req', 'file:r']);
    assert.deepEqual(apart?.loggers, [{ kind: 'stdio' }]);
    assert.deepEqual(apart.requestLoggers, [file('r')]);
  });

  test('begins lines as --log-prefix and --log-date say, without a value too', () => {
    const dress = settings(['log-prefix'], ['logdate'])?.dress;
    assert.deepEqual(dress, { json: false, prefix: '[%(process)] ', date: '%c' });
  });

  test('has files of the mode and owner that are asked for, and is emptied by the first master only', () => {
    const given = options(
      ...([['logto', 'a'], ['logfile-chmod', '600'], ['logfile-chown'], ['log-truncate']] as const),
    );
    const first = loggingSettings(given, {
      owner: OWNER,
      isSuccessor: false,
      folder: process.cwd(),
    });
    assert.equal(first?.files.mode, 0o600);
    assert.deepEqual(first.files.owner, OWNER);
    assert.equal(first.truncate, true);
    assert.equal(
      loggingSettings(given, { owner: OWNER, isSuccessor: true, folder: process.cwd() })?.truncate,
      false,
    );
  });

  test('is refused where options mean nothing without another, or exclude each other', () => {
    const of = (...given: readonly Given[]) => loggingProblem(options(...given)) ?? '';
    assert.match(of(['log-maxsize', '9']), /^--log-maxsize needs a file: give --logto FILE too$/);
    assert.match(of(['log-reopen'], ['logger', 'stdio']), /^--log-reopen needs a file/);
    assert.equal(of(['log-reopen'], ['req-logger', 'file:a']), '');
    assert.match(
      of(['log-json'], ['log-prefix', 'x']),
      /^--log-prefix cannot stand before .*: give/,
    );
  });
});
