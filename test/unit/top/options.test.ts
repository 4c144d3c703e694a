import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../../shared/address.js';
import { readTopCommand } from '../../../top/options.js';
import { err, ok } from '../../../shared/result.js';
import { VERSION } from '../../../shared/version.js';

const read = (argv: readonly string[]) => readTopCommand(argv, parseAddress);

const errorOf = (...argv: readonly string[]): string => {
  const command = read(argv);
  return command.kind === 'error' ? command.message : `no error: ${JSON.stringify(command)}`;
};

test('an address alone takes the defaults', () => {
  assert.deepEqual(read(['localhost:9191']), {
    kind: 'run',
    options: {
      address: 'localhost:9191',
      addresses: ['localhost:9191'],
      targets: undefined,
      frequency: 1,
      'key-file': undefined,
      fifo: undefined,
      ca: undefined,
      cert: undefined,
      key: undefined,
      once: false,
      json: false,
      ascii: false,
      mono: false,
      'no-mouse': false,
      theme: undefined,
      view: undefined,
      config: undefined,
      'no-config': false,
      'memory-report': false,
      window: undefined,
      format: undefined,
      now: false,
      'compare-snapshots': false,
      all: false,
      traceback: false,
      batch: false,
      csv: false,
      ndjson: false,
      plain: false,
      count: undefined,
      columns: undefined,
      sort: undefined,
      record: undefined,
      replay: undefined,
      speed: 1,
      completions: undefined,
      worker: null,
      snapshots: ['', ''],
    },
  });
});

test('the interval may be a fraction, under its name or as -d', () => {
  for (const argv of [
    ['--frequency', '0.5', ':9191'],
    ['--frequency=0.5', ':9191'],
    ['-d', '0.5', ':9191'],
    [':9191', '-d0.5'],
  ]) {
    const command = read(argv);
    assert.equal(command.kind === 'run' && command.options.frequency, 0.5, argv.join(' '));
  }
});

test('the address is kept as written, and judged by who connects', () => {
  const asked: string[] = [];
  const command = readTopCommand(['ws://host:9191'], (address) => {
    asked.push(address);
    return ok(address);
  });
  assert.equal(command.kind === 'run' && command.options.address, 'ws://host:9191');
  assert.deepEqual(asked, ['ws://host:9191']);
  assert.equal(readTopCommand(['x'], () => err('no such thing')).kind, 'error');
});

test('without an address it says what to type', () => {
  assert.match(errorOf(), /tsuwsgitop localhost:9191/);
  assert.match(errorOf('--once'), /tsuwsgitop localhost:9191/);
});

test('errors name the value and what is expected', () => {
  assert.match(errorOf(':9191', '-d', '0.05'), /frequency: 0\.05 is out of bounds.*0\.1 to 60/);
  assert.match(errorOf(':9191', '--frequency=61'), /0\.1 to 60/);
  assert.match(errorOf(':9191', '--frequency=fast'), /"fast" is not a number/);
  assert.match(errorOf('localhost:99999'), /99999/);
  assert.match(errorOf(':1', '--traceback', '2', ':3'), /":3" is too much/);
  assert.match(errorOf(':9191', '--frequncy=2'), /frequency/);
  assert.match(errorOf('nonsense'), /neither host:port/);
});

test('several addresses are several servers, each of them checked', () => {
  const command = read([':1', '/run/app.sock']);
  assert.ok(command.kind === 'run');
  assert.deepEqual(command.options.addresses, [':1', '/run/app.sock']);
  assert.match(errorOf(':1', 'nonsense'), /"nonsense" is neither host:port/);
});

test('all errors are told at once', () => {
  assert.equal(errorOf('-d', '99', 'nonsense').split('\n').length, 2);
});

test('--version and --help are printed', () => {
  assert.deepEqual(read(['--version']), {
    kind: 'print',
    text: `tsuwsgitop ${VERSION}\n`,
  });
  const help = read(['--help']);
  assert.ok(help.kind === 'print');
  for (const word of [
    'ADDRESS',
    '--frequency',
    '--once',
    '--json',
    '--key-file',
    '--ascii',
    '--mono',
  ]) {
    assert.ok(help.text.includes(word), word);
  }
});
