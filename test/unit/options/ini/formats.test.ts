import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { namedByItself } from '../../../../server/options/ini/formats.js';
import { magicOf } from '../../../../server/options/ini/magic.js';
import { readFiles } from '../../../../server/options/ini/read-files.js';
import type { SortedOut } from '../../../../server/options/ini/sort-out.js';
import { OPTIONS } from '../../../../server/options/table.js';
import { iniWorld } from '../../../support/ini-world.js';

function read(name: string, files: Readonly<Record<string, string>>): SortedOut {
  return readFiles([namedByItself(name)], iniWorld(files, { HOME: '/root' }), OPTIONS);
}

function values({ settings, problems }: SortedOut): string[] {
  assert.deepEqual(problems, []);
  return settings.map(({ name, value }) => (value === '' ? name : `${name}=${value}`));
}

function wrong(name: string, text: string): readonly string[] {
  return read(name, { [name]: text }).problems;
}

const YAML = `tsuwsgi:
  processes: 4
  stats: [":1", ':2']
  master:
  name: @(name.txt)
  socket: %n.sock
`;

describe('a YAML file', () => {
  test('says what an ini file of the same keys would say', () => {
    const found = read('a.yaml', { 'a.yaml': YAML, 'name.txt': 'shop\n' });
    assert.deepEqual(values(found), [
      ...['processes=4', 'stats=:1', 'stats=:2', 'master', 'name=shop', 'socket=a.sock'],
    ]);
    assert.deepEqual(
      found.settings.map(({ origin }) => origin),
      [
        ...['a.yaml:2: processes', 'a.yaml:3: stats', 'a.yaml:3: stats', 'a.yaml:4: master'],
        ...['a.yaml:5: name', 'a.yaml:6: socket'],
      ],
    );
  });

  test('may repeat a key, use aliases and have other sections', () => {
    const text = 'x-all: &all [":1"]\nuwsgi:\n  stats: *all\n  stats: ":2"\n';
    assert.deepEqual(values(read('a.yml', { 'a.yml': text })), ['stats=:1', 'stats=:2']);
    const other = { 'a.yml': 'uwsgi: {name: a}\nother: {name: b}\n' };
    assert.deepEqual(values(read('a.yml:other', other)), ['name=b']);
  });

  test('is told where it goes wrong', () => {
    assert.deepEqual(wrong('a.yml', 'uwsgi:\n  name: "a\n'), [
      'a.yml:3: this is not YAML: Missing closing "quote; write YAML 1.2',
    ]);
    assert.deepEqual(wrong('a.yml', 'uwsgi:\n  name: a\n\tmaster: true\n').slice(0, 1), [
      'a.yml:3: this is not YAML: Tabs are not allowed as indentation; write YAML 1.2',
    ]);
    assert.deepEqual(wrong('a.yml', 'uwsgi:\n  name: a\n---\nuwsgi:\n  name: b\n'), [
      'a.yml:3: a second document begins here: a file is one document, write another file for it',
    ]);
    assert.deepEqual(wrong('a.yml', 'uwsgi:\n  stats:\n    - [":1"]\n  name:\n    first: x\n'), [
      'a.yml:2: stats: an option has a value, or a list of values: write nothing below it',
      'a.yml:4: name: an option has a value, or a list of values: write nothing below it',
    ]);
    assert.deepEqual(wrong('a.yml', 'uwsgi:\n  name: |\n    a\n    b\n'), [
      'a.yml:2: name: a value is one line of text: write a key for each',
    ]);
    assert.deepEqual(wrong('a.yml', 'uwsgi:\n- name: a\n'), [
      'a.yml:1: uwsgi has no options in it: write them below, as "name: value" of its own',
    ]);
    assert.deepEqual(wrong('a.yml', 'just words'), [
      'a.yml:1: options stand below a key: write "tsuwsgi:" above them',
    ]);
    assert.deepEqual(wrong('a.yml', ''), [
      'a.yml: there is no section [tsuwsgi] or [uwsgi]: write it above the options, or name another, FILE:SECTION',
    ]);
    assert.deepEqual(wrong('a.yml', 'uwsgi:\n  "": x\n  a b: c\n'), [
      'a.yml:2: "" is not the name of an option: write one word, and = before its value',
      'a.yml:3: "a b" is not the name of an option: write one word, and = before its value',
    ]);
    assert.deepEqual(wrong('a.yml', 'uwsgi:\n  threads: 4\n'), [
      'a.yml:2: threads: this option of uWSGI is not supported; write async = N for requests side by side in a worker',
    ]);
  });
});

describe('a JSON file', () => {
  test('says what an ini file of the same keys would say', () => {
    const text =
      '{"uwsgi": {"processes": 4, "master": true, "L": false,\n"stats": [":1", ":2"], "name": "$(HOME)%%"}}';
    const found = read('a.json', { 'a.json': text });
    assert.deepEqual(values(found), [
      ...['processes=4', 'master=true', 'L=false', 'stats=:1', 'stats=:2', 'name=/root%'],
    ]);
    assert.equal(found.settings.at(-1)?.origin, 'a.json:2: name');
  });

  test('is told where it goes wrong', () => {
    assert.deepEqual(wrong('a.json', '{"uwsgi": {\n"name": "a",}}'), [
      'a.json:2: this is not JSON: property name expected; write strict JSON, without comments and trailing commas',
    ]);
    assert.deepEqual(wrong('a.json', '{"uwsgi": {} // no\n}'), [
      'a.json:1: this is not JSON: invalid comment token; write strict JSON, without comments and trailing commas',
    ]);
    assert.deepEqual(wrong('a.json', '[]'), [
      'a.json:1: options stand below a key: write {"tsuwsgi": {…}}',
    ]);
    assert.deepEqual(
      wrong('a.json', '{"uwsgi": {"name": null,\n"stats": {}, "socket": [[":1"]]}}'),
      [
        'a.json:1: name: null is no value: leave the key out, or write false',
        'a.json:2: stats: an option has a value, or a list of values: write nothing below it',
        'a.json:2: socket: an option has a value, or a list of values: write nothing below it',
      ],
    );
    const deep = wrong('a.json', '['.repeat(200_000));
    assert.match(deep.join(), /^a\.json:1: (cannot be read|this is not JSON)/);
  });
});

describe('a TOML file', () => {
  test('says what an ini file of the same keys would say', () => {
    const text = [
      'title = "x"',
      '[tsuwsgi]',
      'processes = 1_0',
      'master = true',
      'stats = [":1", ":2"]',
      "name = '$(HOME)'",
      'stats-push-interval = 1.5',
    ].join('\n');
    const found = read('a.toml', { 'a.toml': text });
    assert.deepEqual(values(found), [
      ...['processes=10', 'master=true', 'stats=:1', 'stats=:2', 'name=/root'],
      'stats-push-interval=1.5',
    ]);
    assert.equal(found.settings[0]?.origin, 'a.toml:3: processes');
  });

  test('may have its section in dotted keys and inline', () => {
    assert.deepEqual(
      values(read('a.toml', { 'a.toml': 'uwsgi.name = "a"\nuwsgi.master = true' })),
      ['name=a', 'master=true'],
    );
    assert.deepEqual(values(read('a.toml', { 'a.toml': 'uwsgi = { name = "a" }' })), ['name=a']);
  });

  test('is told where it goes wrong', () => {
    assert.deepEqual(wrong('a.toml', '[uwsgi]\nname = "a"\nlisten =\n'), [
      'a.toml:3: "listen =" has no value behind it: write one in the same line',
    ]);
    assert.match(wrong('a.toml', '[uwsgi]\nname = "a"\nname = "b"\n').join(), /^a\.toml:3: /);
    const nested = 'an option has a value, or a list of values: write nothing below it';
    assert.deepEqual(wrong('a.toml', '[uwsgi]\nname = { a = 1 }\nstats.x = 1\n[uwsgi.socket]\n'), [
      `a.toml:2: name: ${nested}`,
      `a.toml:3: stats: ${nested}`,
      `a.toml:4: socket: ${nested}`,
    ]);
  });
});

describe('a file that is nested without end', () => {
  for (const name of ['a.yaml', 'a.toml', 'a.json']) {
    const form: Readonly<Record<string, string>> = {
      'a.yaml': 'uwsgi:\n  name: ',
      'a.toml': '[uwsgi]\nname = ',
      'a.json': '',
    };
    test(`is one fault, told once in plain words: ${name}`, () => {
      for (const bracket of ['[', '[{a: '].map((one) =>
        one.replace(': ', name === 'a.toml' ? ' = ' : ': '),
      )) {
        for (const times of [5, 20_000]) {
          const told = wrong(name, `${form[name] ?? ''}${bracket.repeat(times)}\n`);
          assert.equal(told.length, 1, told.slice(0, 3).join('\n'));
          assert.match(
            told[0] ?? '',
            /^a\.\w+:[123]: .*(not closed|no value behind|nested too deeply|not JSON)/,
          );
          assert.ok((told[0] ?? '').length < 300);
          assert.doesNotMatch(told[0] ?? '', /call stack|unspecified/);
        }
      }
    });
  }
});

describe('files of several formats', () => {
  test('include each other, by their names or by the options of their formats', () => {
    const files = {
      'a.ini': '[uwsgi]\nyaml = b\ninclude = c.json\ninclude = d.toml:part\ninclude = file://e\n',
      b: 'uwsgi:\n  stats: ":1"\n',
      'c.json': '{"uwsgi": {"stats": ":2"}}',
      'd.toml': '[part]\nstats = ":3"',
      e: '[uwsgi]\nstats = :4\n',
    };
    assert.deepEqual(values(read('a.ini', files)), [
      'stats=:1',
      'stats=:2',
      'stats=:3',
      'stats=:4',
    ]);
  });

  test('inherit from others, which are read last, and once', () => {
    const files = {
      'a.ini': '[uwsgi]\ninherit = t.yaml\nname = a\nsocket = %(dir)/x\n',
      't.yaml': 'uwsgi:\n  name: t\n  dir: /run\n  if-opt: name\n',
    };
    const found = read('a.ini', files);
    assert.deepEqual(found.problems, ['t.yaml:4: if-opt has no end: write endif below its lines']);
    assert.deepEqual(
      found.settings.map(({ name, value }) => `${name}=${value}`),
      ['name=a', 'socket=/run/x', 'name=t'],
    );
    const itself = read('a.ini', { 'a.ini': '[uwsgi]\ninherit = a.ini\n' }).problems;
    assert.match(itself.join(), /^a\.ini:2: a\.ini is inherited from by itself/);
  });
});

test('%j is the hash that uWSGI makes of the path of a file', () => {
  const place = { given: 'j.ini', path: '/tmp/u/j.ini', section: '', inode: '1' };
  const magic = magicOf(place, place, new Map());
  assert.equal(magic.get('j'), '9CAFA89D');
  assert.equal(magic.get('J'), '9CAFA89D');
});
