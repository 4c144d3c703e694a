import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, describe, test } from 'node:test';
import { readInvocation } from '../../../server/options/read.js';
import { OPTIONS, type Options } from '../../../server/options/table.js';
import type { OptionRow } from '../../../shared/options.js';

/** A folder with the given files, removed after the test. */
function folder(test: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-options-'));
  test.after(() => {
    rmSync(root, { recursive: true });
  });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

function served(
  argv: readonly string[],
  cwd = '/',
): { options: Options; notes: readonly string[] } {
  const invocation = readInvocation(argv, cwd);
  if (invocation.kind !== 'serve') assert.fail(JSON.stringify(invocation));
  return invocation;
}

function refused(argv: readonly string[], cwd = '/'): readonly string[] {
  const invocation = readInvocation(argv, cwd);
  if (invocation.kind !== 'refuse') assert.fail(JSON.stringify(invocation));
  return invocation.problems;
}

describe('the table of options', () => {
  const rows: readonly OptionRow[] = OPTIONS;

  test('says of every row what it is for', () => {
    for (const { name, topic, help, type, value } of rows) {
      assert.ok(topic !== '' && help !== '', name);
      assert.equal(value !== undefined, type !== 'flag', `${name}: what its value is called`);
    }
  });

  test('has every name and alias once', () => {
    const names = rows.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  test('is what --help lists', () => {
    const help = readInvocation(['--help'], '/');
    assert.equal(help.kind, 'print');
    const text = 'text' in help ? help.text : '';
    for (const { name, aliases = [], topic } of rows) {
      assert.ok(text.includes(`--${name}`), name);
      assert.ok(text.includes(`${topic}:`), topic);
      for (const alias of aliases) {
        assert.ok(text.includes(alias.length === 1 ? `-${alias},` : `--${alias}`), alias);
      }
    }
  });
});

describe('the command line', () => {
  test('may be written as for uWSGI', () => {
    const { options, notes } = served(['--http-socket', ':80', '-p2', '-M', '-m', 'app.js', '-L']);
    assert.equal(options.processes, 2);
    assert.equal(options.master, true);
    assert.equal(options.module, 'app.js');
    assert.equal(options['disable-logging'], true);
    assert.deepEqual(options['http-socket'], [':80']);
    assert.equal(options.listen, 100);
    assert.equal(options.async, undefined);
    assert.deepEqual(notes, []);
    assert.equal(served(['-m', 'a.js', '--workers=3']).options.processes, 3);
  });

  test('overrides a file, and its lists add to those of the file', (t) => {
    const text = '[uwsgi]\nprocesses = 4\nstats = :1\nmodule = app.js\n';
    const { options } = served(['a.ini', '-p', '8', '--stats', ':2'], folder(t, { 'a.ini': text }));
    assert.equal(options.processes, 8);
    assert.deepEqual(options.stats, [':1', ':2']);
  });

  test('suggests the option that was meant', () => {
    assert.match(
      refused(['--proceses', '2'])[0] ?? '',
      /--proceses.*[^]*did you mean --processes/i,
    );
  });

  test('takes nothing but an ini file without an option', () => {
    assert.match(refused(['app.js'])[0] ?? '', /did you mean --module app\.js\?/);
  });

  test('is told all that is wrong at once', () => {
    assert.deepEqual(refused(['-m', 'a.js', '-p', '0', '--listen', 'many', '--async', '1.5']), [
      '--processes: 0 is out of bounds, give a whole number, 1 to 1024',
      '--listen: "many" is not a whole number: write digits alone, such as 4',
      '--async: "1.5" is not a whole number: write digits alone, such as 4',
    ]);
  });
});

describe('a file named on the command line', () => {
  test('has its module relative to itself, and an absolute one as it is', (t) => {
    const cwd = folder(t, {
      'conf/a.ini': '[uwsgi]\nmodule = app.js:handler\n',
      'conf/b.ini': '[uwsgi]\nm = /srv/app.js\n',
    });
    assert.equal(served(['conf/a.ini'], cwd).options.module, 'conf/app.js:handler');
    assert.equal(served(['--ini', 'conf/b.ini'], cwd).options.module, '/srv/app.js');
  });

  test('is told of a misspelt key which was meant, and of a strange one nothing', (t) => {
    const text = '[uwsgi]\nmodule = a.js\nproceses = 2\nxyzzy = python3\nhttp-sockets = :1\n';
    assert.deepEqual(refused(['a.ini'], folder(t, { 'a.ini': text })), [
      'a.ini:3: proceses: there is no option "proceses"; did you mean processes?; --help lists all there are',
      'a.ini:4: xyzzy: there is no option "xyzzy"; --help lists all there are',
      'a.ini:5: http-sockets: there is no option "http-sockets"; did you mean http-socket?; --help lists all there are',
    ]);
  });

  test('may name others, and must be there', (t) => {
    const files = {
      'a.ini': '[uwsgi]\nini = b.ini\nprocesses = %(cores)\n[spare]\nmodule = s.js\n',
      'b.ini': '[uwsgi]\ncores = 3\nmodule = %d%n.js\n',
    };
    const cwd = folder(t, files);
    const { options } = served(['a.ini'], cwd);
    assert.equal(options.processes, 3);
    assert.equal(options.module, path.join(realpathSync(cwd), 'b.js'));
    assert.equal(served(['a.ini:spare'], cwd).options.module, 's.js');
    assert.match(refused(['none.ini'], cwd)[0] ?? '', /^cannot read none\.ini: ENOENT/);
  });

  test('tells all that is wrong at once, in itself and in its values', (t) => {
    const text = '[uwsgi]\na b = 1\nprocesses = many\nmax-fd = 9000\nif-env = X\nlisten = 5%\n';
    assert.deepEqual(refused(['a.ini'], folder(t, { 'a.ini': text })), [
      'a.ini:2: "a b" is not the name of an option: write one word, and = before its value',
      'a.ini:6: "listen = 5%": a single % at its end would join it to the next: write %%',
      'a.ini:5: if-env has no end: write endif below its lines',
      'a.ini:4: max-fd: this option of uWSGI is not supported; the nearest is rlimit-nofile',
      'a.ini:3: processes: "many" is not a whole number: write digits alone, such as 4',
    ]);
  });

  test('cannot write lines of its own into the log, nor drive a terminal', (t) => {
    const files = {
      'a.ini': '[uwsgi]\nprocesses = @(two.txt)\nx\u001b y = 1\n',
      'b.ini': '[uwsgi]\nmodule = a.js\nname = %(\u001b[31m)\n',
      'two.txt': 'one\ntwo',
    };
    const cwd = folder(t, files);
    assert.deepEqual(refused(['a.ini'], cwd), [
      'a.ini:3: "x\\x1b y" is not the name of an option: write one word, and = before its value',
      'a.ini:2: processes: "one\\x0atwo" is not a whole number: write digits alone, such as 4',
    ]);
    assert.equal(
      served(['b.ini'], cwd).notes[0],
      'b.ini:3: there is no key \\x1b[31m, %(\\x1b[31m) stays as it is',
    );
  });

  test('says what it does without: of other options once, of those for Python each', (t) => {
    const text = `[uwsgi]
lazy-apps = true
plugins = python3
name = shop
log-format = %(uri)
p = /srv
wsgi-file = %(p)/%(name).py
http-socket = :%(port)
set-ph = port=8000
module = %qapp.js
`;
    const { options, notes } = served(['a.ini'], folder(t, { 'a.ini': text }));
    assert.equal(options.module, 'app.js');
    assert.equal(options.name, 'shop');
    assert.deepEqual(options['http-socket'], [':8000']);
    assert.deepEqual(notes, [
      'a.ini:10: %q stands for nothing: write %% for a percent sign',
      'a.ini:7: wsgi-file is about Python and has no effect here: write module = FILE.js',
      'accepted for uWSGI configurations, without effect: lazy-apps, plugins',
    ]);
  });
});

describe('without an application on the command line', () => {
  test('tsuwsgi.ini of the folder is read, under the command line', (t) => {
    const text = '[tsuwsgi]\nmodule = app.js\nprocesses = 4\n';
    const { options, notes } = served(['-p', '2'], folder(t, { 'tsuwsgi.ini': text }));
    assert.equal(options.module, 'app.js');
    assert.equal(options.processes, 2);
    assert.deepEqual(notes, [
      'no --module: reading tsuwsgi.ini',
      'no --http and no --http-socket: serving on 127.0.0.1:8000',
    ]);
    assert.deepEqual(options['http-socket'], ['127.0.0.1:8000']);
  });

  test('the main of package.json runs', (t) => {
    const cwd = folder(t, { 'package.json': '{"main":"lib/app.js"}' });
    const { options, notes } = served([], cwd);
    assert.equal(options.module, 'lib/app.js');
    assert.equal(notes[0], 'no --module: running lib/app.js, the "main" of package.json');
  });

  test('there is nothing to run where neither is', (t) => {
    for (const text of ['not json', 'null', '{}', '{"main":7}', '{"main":""}']) {
      const problems = refused([], folder(t, { 'package.json': text }));
      assert.match(problems[0] ?? '', /^there is nothing to run/);
      assert.match(problems[0] ?? '', /; type for example: tsuwsgi /);
    }
    assert.match(refused([], folder(t))[0] ?? '', /^there is nothing to run/);
  });
});
