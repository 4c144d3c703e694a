import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type SortedOut } from '../../../../server/options/ini/sort-out.js';
import { readFiles } from '../../../../server/options/ini/read-files.js';
import { namedByItself } from '../../../../server/options/ini/formats.js';
import { OPTIONS } from '../../../../server/options/table.js';
import { iniWorld } from '../../../support/ini-world.js';

const A_FILE = namedByItself('a.ini');

function read(...lines: string[]): SortedOut {
  return readFiles([A_FILE], iniWorld({ 'a.ini': lines.join('\n') }), OPTIONS);
}

function values(sorted: SortedOut): string[] {
  return sorted.settings.map(({ name, value }) => `${name}=${value}`);
}

describe('ini files', () => {
  test('give their settings in order, with the line they stand on', () => {
    const text = ['[uwsgi]', '; comment', '', 'stats = :1', 'stats=:2', 'master', ' L = true '];
    assert.deepEqual(read(...text), {
      settings: [
        { name: 'stats', value: ':1', origin: 'a.ini:4: stats', file: 'a.ini' },
        { name: 'stats', value: ':2', origin: 'a.ini:5: stats', file: 'a.ini' },
        { name: 'master', value: '', origin: 'a.ini:6: master', file: 'a.ini' },
        { name: 'L', value: 'true', origin: 'a.ini:7: L', file: 'a.ini' },
      ],
      notes: [],
      problems: [],
    });
  });

  test('may begin with a byte order mark, end lines with CR LF and hold other sections', () => {
    const text = '\uFEFF[tsuwsgi]\r\nname = a = b\r\n[other]\r\nname = x\r\n';
    assert.deepEqual(values(read(text)), ['name=a = b']);
  });

  test('tell all their problems at once', () => {
    assert.deepEqual(read('early = 1', '[uwsgi]', 'a b = 1', 'set = x', 'ini =').problems, [
      'a.ini:1: "early = 1" stands before any [section]: write [tsuwsgi] above it',
      'a.ini:3: "a b" is not the name of an option: write one word, and = before its value',
      'a.ini:4: "x" is not NAME=VALUE: write both',
      'a.ini:5: ini: the name of a file is missing: write it behind',
    ]);
    assert.deepEqual(read('[other]').problems, [
      'a.ini: there is no section [tsuwsgi] or [uwsgi]: write it above the options, or name another, FILE:SECTION',
    ]);
  });

  test('take a name that is no option for a placeholder where something refers to it', () => {
    const { problems, ...sorted } = read('[uwsgi]', 'root = /srv', 'name = %(root)', 'rot = 1');
    assert.deepEqual(values({ problems, ...sorted }), ['name=/srv', 'rot=1']);
    assert.deepEqual(values(read('[uwsgi]', 'p = 2', 'workers = %(p)')), ['workers=2']);
    const unused = ['if-env = NONE', 'name = %(root)', 'endif', 'root = /srv'];
    assert.deepEqual(values(read('[uwsgi]', ...unused)), []);
  });

  test('take no option for a placeholder that is declared', () => {
    assert.deepEqual(read('[uwsgi]', 'set-ph = processes=2').problems, [
      'a.ini:2: processes is an option already: choose another name',
    ]);
    assert.deepEqual(values(read('[uwsgi]', 'set-ph = proc=2')), []);
  });

  test('say which references lead nowhere, and leave them as they are', () => {
    const { notes, ...sorted } = read('[uwsgi]', 'name = %(none)$(NONE)', 'log-format = %(uri)');
    assert.deepEqual(values({ notes, ...sorted }), ['name=%(none)$(NONE)', 'log-format=%(uri)']);
    assert.deepEqual(notes, [
      'a.ini:2: $(NONE) is not in the environment, it stays as it is',
      'a.ini:2: there is no key none, %(none) stays as it is',
    ]);
  });

  test('refuse what would never end', () => {
    assert.deepEqual(read('[uwsgi]', 'name = x%(name)').problems, [
      'a.ini:2: name: %(name) leads back to itself, or to a value without end: name another key',
    ]);
    const itself = read('[uwsgi]', 'ini = a.ini').problems;
    assert.deepEqual(itself, [
      'a.ini:2: a.ini is included inside itself, or too deep: leave one of the inclusions out',
    ]);
    assert.deepEqual(read('[uwsgi]', 'for-times = 10001', 'x = 1', 'endfor').problems, [
      'a.ini:2: for-times: 10001 is more than 10000: write a lower number',
    ]);
    const many = read('[uwsgi]', 'for-times = 9999', 'stats = :1', 'stats = :1', 'endfor');
    assert.deepEqual(many.problems, [
      'a.ini:4: there are more than 10000 keys: let loops have fewer turns',
    ]);
  });

  test('refuse blocks inside blocks, as uWSGI does, and blocks without an end', () => {
    const nested = ['if-opt = name', 'for = a', 'stats = :1', 'endfor', 'endif'];
    assert.deepEqual(read('[uwsgi]', 'name = a', ...nested).problems, [
      'a.ini:4: for cannot stand inside a block: uWSGI has no nesting, write the end of the other above it',
    ]);
    assert.deepEqual(read('[uwsgi]', 'for = a', 'stats = :%(_)').problems, [
      'a.ini:2: for has no end: write endfor below its lines',
    ]);
  });

  test('know a master that takes the place of another from one that is started', () => {
    const text = '[uwsgi]\nif-reload =\nname = %(_)\nendif =\nif-not-reload =\nname = b\nendif =\n';
    const world = iniWorld({ 'a.ini': text });
    const named = (isReload: boolean): string[] =>
      values(readFiles([A_FILE], { ...world, isReload }, OPTIONS));
    assert.deepEqual(named(true), ['name=%(_)']);
    assert.deepEqual(named(false), ['name=b']);
  });

  test('take a declared placeholder for one wherever it is set again', () => {
    assert.deepEqual(values(read('[uwsgi]', 'set-ph = app=a', 'app = b', 'name = %(app)')), [
      'name=a',
    ]);
    assert.deepEqual(values(read('[uwsgi]', 'set-ph = app=a', 'app = b')), []);
  });

  test('read no other files than those of this machine', () => {
    const text = ['name = @(http://localhost/x)', 'stats = @(none.txt)', 'include = exec://ls'];
    assert.deepEqual(read('[uwsgi]', ...text, 'ini = %(name).ini').problems, [
      'a.ini:4: exec:// is not supported: run it before tsuwsgi is started, and name the file with what it printed',
      'a.ini:5: "%(name).ini" is read before references are expanded, as in uWSGI: write the name out, or use %d and the like',
      'a.ini:2: cannot read @(http://localhost/x): http:// is not supported: fetch it before tsuwsgi is started, and name the file',
      'a.ini:3: cannot read @(none.txt): ENOENT; name a file that is there, or write @(NAME) otherwise',
    ]);
  });

  test('tell options that only uWSGI has from such that nobody has', () => {
    const { problems, notes, ...sorted } = read(
      '[uwsgi]',
      ...[
        'threads = 4',
        'lazy = true',
        'thunder-lock',
        'virtualenv = /venv',
        'sni = x',
        'thread = 1',
      ],
    );
    assert.deepEqual(problems, [
      'a.ini:2: threads: this option of uWSGI is not supported; write async = N for requests side by side in a worker',
      'a.ini:6: sni: this option of uWSGI is not supported; the nearest is https',
    ]);
    assert.deepEqual(notes, [
      'a.ini:5: virtualenv is about Python and has no effect here: Node finds packages in node_modules beside the application',
      'accepted for uWSGI configurations, without effect: lazy, thunder-lock',
    ]);
    assert.deepEqual(values({ problems, notes, ...sorted }), ['thread=1']);
  });
});
