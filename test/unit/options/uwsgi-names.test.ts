import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { UWSGI_NAMES } from '../../../server/options/ini/uwsgi-names.js';
import { inUwsgi } from '../../../server/options/program.js';
import { OPTIONS } from '../../../server/options/table.js';
import type { OptionRow } from '../../../shared/options.js';
import { FIRST_VERSION, VERSION } from '../../../shared/version.js';
import { ROOT } from '../../support/server.js';

const ROWS: readonly OptionRow[] = OPTIONS;

/**
 * What `uwsgi --plugins http,python3,cheaper_busyness --help` of uWSGI 2.0.21 lists, short letters too,
 * one name a line.
 */
const LISTED = readFileSync(path.join(ROOT, 'test/fixtures/uwsgi/option-names.txt'), 'utf8')
  .trim()
  .split('\n');

const THEIRS = new Set([...LISTED, ...UWSGI_NAMES]);

/** Options of both that mean the same: value, unit, default, scope and what follows from it. */
const MEANS_THE_SAME = new Set([
  ...['socket', 'http-processes'],
  ...['static-gzip-all', 'static-skip-ext', 'static-safe'],
  ...['need-app', 'processes', 'env'],
  ...['harakiri-queue-threshold', 'max-requests-delta', 'max-worker-lifetime-delta'],
  ...['cheaper-initial', 'cheaper-step', 'cheaper-overload'],
  ...['cheaper-busyness-multiplier', 'cheaper-busyness-penalty'],
  ...['cheaper-busyness-backlog-alert', 'cheaper-busyness-backlog-step'],
  ...['cheaper-busyness-backlog-multiplier', 'cheaper-busyness-backlog-nonzero'],
  ...['spooler-processes', 'spooler-frequency', 'spooler-max-tasks', 'spooler-harakiri'],
  ...['uid', 'add-gid', 'master-as-root', 'chmod-socket', 'chown-socket', 'umask'],
  ...['stats-minified', 'stats-no-cores', 'stats-push-interval'],
  ...['disable-logging', 'log-micros', 'log-slow', 'log-5xx', 'log-zero', 'log-big', 'log-ioerror'],
  ...['log-master', 'log-maxsize', 'log-truncate', 'log-reopen'],
  ...['touch-logreopen', 'touch-logrotate', 'logfile-chmod', 'logfile-chown'],
  ...['print'],
]);

function namesOf({ name, aliases = [] }: OptionRow): string[] {
  return [name, ...aliases];
}

/** Rows of which uWSGI has a name, another name or a letter. */
const SHARED = ROWS.filter((row) => namesOf(row).some((name) => THEIRS.has(name)));

describe('An option that uWSGI has too', () => {
  test('either says how it differs or is known to mean the same', () => {
    const undecided = SHARED.filter(
      ({ name, differs }) => (differs !== undefined) === MEANS_THE_SAME.has(name),
    );
    assert.deepEqual(
      undecided.map(({ name }) => name),
      [],
      'give the row `differs`, or name it in MEANS_THE_SAME',
    );
  });

  test('is said to be there, by every name of it that uWSGI has', () => {
    for (const row of SHARED) {
      assert.doesNotMatch(inUwsgi(row), /no such option/, row.name);
    }
  });

  test('says how it differs in sentences', () => {
    for (const { name, differs } of ROWS) {
      if (differs !== undefined) assert.match(differs, /^(uWSGI|[A-Z]).*[^.]\.$/, name);
    }
  });
});

test('An option that uWSGI lacks says nothing of it', () => {
  const shared = new Set(SHARED);
  const alone = ROWS.filter((row) => !shared.has(row));
  for (const { name, differs } of alone) assert.equal(differs, undefined, name);
  for (const name of MEANS_THE_SAME)
    assert.ok(
      SHARED.some((row) => row.name === name),
      name,
    );
});

test('The names that uWSGI lists are those that a file may not use for something else', () => {
  const long = LISTED.filter((name) => name.length > 1);
  assert.deepEqual(
    long.filter((name) => !UWSGI_NAMES.has(name)),
    [],
  );
});

test('The version that an option came with is told only where it is not the first', () => {
  for (const { name, since } of ROWS) {
    if (since === undefined) continue;
    assert.match(since, /^\d+\.\d+\.\d+$/, name);
    assert.notEqual(since, FIRST_VERSION, name);
    assert.ok(since.localeCompare(VERSION, 'en', { numeric: true }) <= 0, name);
  }
});
