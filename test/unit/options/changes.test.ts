import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareOptions } from '../../../server/options/changes.js';
import { type Options, OPTIONS } from '../../../server/options/table.js';
import { readOptions } from '../../../shared/options.js';

/** Options as they are written, `name=value`. */
function optionsOf(...written: string[]): Options {
  const settings = written.map((text) => {
    const [name = '', ...value] = text.split('=');
    return { name, value: value.join('='), origin: `--${name}` };
  });
  const read = readOptions(OPTIONS, settings);
  if (!read.ok) assert.fail(read.error.join());
  return read.value;
}

const APP = ['module=app.js', 'http-socket=:8000'];

describe('options that were read again', () => {
  test('are in force where a reload is enough, and wait where it is not', () => {
    const before = optionsOf(...APP, 'processes=4', 'check-static=/a');
    const read = optionsOf('module=app.js', 'http-socket=:9000', 'processes=6', 'log-4xx');
    const { options, live, fixed } = compareOptions(before, read);
    assert.deepEqual(live, ['check-static: /a → none', 'processes: 4 → 6', 'log-4xx: off → on']);
    assert.deepEqual(fixed, ['http-socket: :8000 → :9000']);
    assert.equal(options.processes, 6);
    assert.deepEqual(options['http-socket'], [':8000']);
  });

  test('that say the same change nothing, whatever files were named', () => {
    const before = optionsOf(...APP, 'ini=a.ini', 'static-gzip=a', 'static-gzip=b');
    const read = optionsOf(...APP, 'ini=b.ini', 'static-gzip=a', 'static-gzip=b');
    assert.deepEqual(compareOptions(before, read), { options: before, live: [], fixed: [] });
  });

  test('an option that makes no sense without what is fixed waits with it', () => {
    const before = optionsOf(...APP);
    const read = optionsOf(...APP, 'https=:443,c.pem,k.pem', 'hsts=60');
    const { options, live, fixed } = compareOptions(before, read);
    assert.deepEqual([options, live], [before, []]);
    assert.deepEqual(fixed, ['https: none → :443,c.pem,k.pem', 'hsts: none → 60']);
  });

  test('another kind of instance takes another master', () => {
    const before = optionsOf('module=app.js', 'http=:80');
    const read = optionsOf('http=:80', 'http-to=10.0.0.1:80');
    const { options, live, fixed } = compareOptions(before, read);
    assert.deepEqual([options, live], [before, []]);
    assert.deepEqual(fixed, ['http-to: none → 10.0.0.1:80', 'module: app.js → none']);
  });

  test('back ends that are added to others hold at once', () => {
    const before = optionsOf('http=:80', 'http-to=10.0.0.1:80');
    const read = optionsOf('http=:80', 'http-to=10.0.0.1:80', 'http-to=10.0.0.2:80');
    assert.deepEqual(compareOptions(before, read).live, [
      'http-to: 10.0.0.1:80 → 10.0.0.1:80, 10.0.0.2:80',
    ]);
  });

  test('neither secrets nor what drives a terminal get into what is told', () => {
    const before = optionsOf(...APP, 'env=DB=hush', 'name=http://me:hush@db');
    const read = optionsOf(...APP, 'env=DB=quiet', 'name=db');
    assert.deepEqual(compareOptions(before, read).fixed, [
      'name: changed (it holds a secret)',
      'env: changed (it holds a secret)',
    ]);
    const long = compareOptions(
      optionsOf(...APP),
      optionsOf(...APP, `name=\u001b[2J${'x'.repeat(500)}`),
    );
    assert.match(long.fixed[0] ?? '', /^name: none → \\x1b\[2Jx+…$/);
    assert.ok((long.fixed[0] ?? '').length < 250);
  });
});
