import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findOption, readOptions, type OptionRow, type Setting } from '../../../shared/options.js';

const TABLE = [
  { name: 'master', aliases: ['M'], type: 'flag', topic: 'x', help: 'x' },
  {
    name: 'processes',
    aliases: ['workers', 'p'],
    type: 'integer',
    default: 1,
    min: 1,
    max: 1000,
    topic: 'x',
    help: 'x',
  },
  { name: 'frequency', type: 'number', min: 0.1, default: 1, topic: 'x', help: 'x' },
  { name: 'name', type: 'text', topic: 'x', help: 'x' },
  { name: 'stats', type: 'address', topic: 'x', help: 'x' },
  { name: 'allow', type: 'list', topic: 'x', help: 'x' },
  { name: 'offset', type: 'integer', min: -5, topic: 'x', help: 'x' },
] as const satisfies readonly OptionRow[];

function settings(...pairs: (readonly [string, string])[]): Setting[] {
  return pairs.map(([name, value]) => ({ name, value, origin: `--${name}` }));
}

function problems(...pairs: (readonly [string, string])[]): string[] {
  const read = readOptions(TABLE, settings(...pairs));
  assert.ok(!read.ok);
  return read.error;
}

describe('an option table', () => {
  test('finds a row by each of its names', () => {
    for (const name of ['processes', 'workers', 'p']) {
      assert.equal(findOption(TABLE, name)?.name, 'processes');
    }
    assert.equal(findOption(TABLE, 'process'), undefined);
  });

  test('gives defaults, and undefined only without one', () => {
    const read = readOptions(TABLE, []);
    assert.ok(read.ok);
    assert.deepEqual(read.value, {
      master: false,
      processes: 1,
      frequency: 1,
      name: undefined,
      stats: undefined,
      allow: [],
      offset: undefined,
    });
  });

  test('a later scalar wins and a list grows', () => {
    const read = readOptions(
      TABLE,
      settings(['p', '2'], ['allow', 'a'], ['workers', '3'], ['allow', 'b'], ['offset', '-5']),
    );
    assert.ok(read.ok);
    assert.equal(read.value.processes, 3);
    assert.equal(read.value.offset, -5);
    assert.deepEqual(read.value.allow, ['a', 'b']);
  });

  test('one reading does not grow the list of another', () => {
    readOptions(TABLE, settings(['allow', 'a']));
    const read = readOptions(TABLE, settings(['allow', 'b']));
    assert.ok(read.ok);
    assert.deepEqual(read.value.allow, ['b']);
  });

  test('a flag takes uWSGI words', () => {
    for (const [value, expected] of [
      ['', true],
      ['true', true],
      ['1', true],
      ['ON', true],
      ['no', false],
      ['0', false],
      ['Off', false],
    ] as const) {
      const read = readOptions(TABLE, settings(['M', value]));
      assert.ok(read.ok);
      assert.equal(read.value.master, expected, value);
    }
  });

  test('all problems are told at once, each with origin, value and what is expected', () => {
    assert.deepEqual(
      problems(
        ['proceses', '2'],
        ['master', 'maybe'],
        ['processes', '0'],
        ['processes', '1.5'],
        ['frequency', '0x10'],
        ['frequency', '0.05'],
        ['name', ''],
        ['stats', 'nowhere'],
        ['processes', '99999999999999999999'],
      ),
      [
        '--proceses: there is no option "proceses"; did you mean processes?; --help lists all there are',
        '--master: "maybe" is neither true nor false: write true or false, or the option alone',
        '--processes: 0 is out of bounds, give a whole number, 1 to 1000',
        '--processes: "1.5" is not a whole number: write digits alone, such as 4',
        '--frequency: "0x10" is not a number: write digits alone, such as 4 or 0.5',
        '--frequency: 0.05 is out of bounds, give a number, 0.1 or more',
        '--name: a value is missing: write TEXT behind the option',
        '--stats: "nowhere" is neither host:port, :port, a path with "/" nor @name: write one of these',
        '--processes: "99999999999999999999" is not a whole number: write digits alone, such as 4',
      ],
    );
  });
});
