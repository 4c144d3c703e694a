import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { namedByItself } from '../../../server/options/ini/formats.js';
import { readFiles } from '../../../server/options/ini/read-files.js';
import { readInvocation } from '../../../server/options/read.js';
import { showConfig } from '../../../server/options/show-config.js';
import { BESIDE_FILE } from '../../../server/options/sources.js';
import { OPTIONS } from '../../../server/options/table.js';
import type { OptionRow, Setting } from '../../../shared/options.js';
import { makeFolder } from '../../support/folder.js';
import { iniWorld } from '../../support/ini-world.js';

const ENV = { HOME: '/root' };

function shown(argv: readonly string[], cwd: string, env: Record<string, string> = {}): string {
  const invocation = readInvocation([...argv, '--show-config'], cwd, env);
  if (invocation.kind !== 'print') assert.fail(JSON.stringify(invocation));
  return invocation.text;
}

/** What the printed text sets, without comments and defaults. */
function setIn(text: string): string[] {
  return text.split('\n').filter((line) => /^[a-z]/.test(line));
}

describe('--show-config', () => {
  test('tells each value that holds, and where it was written', (t) => {
    const text = '[uwsgi]\nmodule = app.js\nprocesses = 2\nmaster\nstats = :1\n';
    const cwd = makeFolder(t, { 'a.ini': text });
    const printed = shown(['a.ini', '--stats=:2'], cwd, { TSUWSGI_PROCESSES: '3' });
    assert.deepEqual(printed.split('\n').slice(1, 14), [
      '[tsuwsgi]',
      '; default, since no address is given',
      'http-socket = 127.0.0.1:8000',
      '; a.ini:2',
      `module = ${path.join(cwd, 'app.js')}`,
      '; a.ini:4',
      'master = true',
      '; environment: TSUWSGI_PROCESSES',
      'processes = 3',
      '; a.ini:5',
      'stats = :1',
      '; command line: --stats',
      'stats = :2',
    ]);
    assert.match(printed, /^;listen = 100$/m);
    const flag = shown(['a.ini'], cwd, { TSUWSGI_LOG_4XX: '1' });
    assert.match(flag, /^; environment: TSUWSGI_LOG_4XX\nlog-4xx = 1$/m);
    assert.doesNotMatch(printed, /^;processes/m);
  });

  test('can be read again from anywhere, and says the same then', (t) => {
    const cwd = makeFolder(t, { 'a.yaml': 'uwsgi:\n  module: app.js:x\n  name: 5%% %% %(z)\n' });
    const printed = shown(['a.yaml', '--log-format', '%(uri) 1%'], cwd);
    const again = makeFolder(t, { 'b.ini': printed });
    assert.deepEqual(setIn(shown(['b.ini'], again)), setIn(printed));
    assert.equal(setIn(printed).length, 4);
  });

  test('hides secrets, and says so', () => {
    const told = (value: string, name = 'spooler'): string[] => {
      const setting = { name, value, origin: `a.ini:2: ${name}` };
      return showConfig(OPTIONS, [setting], '/', ENV).split('\n').slice(2, 4);
    };
    const where = '; a.ini:2: it holds a secret';
    assert.deepEqual(told('redis://:hunter2@q/0#c'), [where, ';spooler = redis://***@q/0#c']);
    assert.deepEqual(told('http://q/?access_token=x&a=b'), [
      where,
      ';spooler = http://q/?access_token=***&a=b',
    ]);
    assert.deepEqual(told('DB_PASSWORD=hunter2', 'env'), [where, ';env = DB_PASSWORD=***']);
    assert.deepEqual(told('DB=pg://u:pw@h/x', 'env'), [where, ';env = DB=pg://***@h/x']);
    assert.deepEqual(told('/key=3600'), ['; a.ini:2', 'spooler = /key=3600']);
  });

  test('says what an ini file cannot hold', () => {
    const name = (value: string): Setting => ({ name: 'name', value, origin: '--name' });
    const told = (value: string): string =>
      showConfig(OPTIONS, [name(value)], '/', ENV).split('\n')[2] ?? '';
    const cannot = '; command line: --name: an ini file cannot hold it:';
    assert.equal(told(' a'), `${cannot} its ends are blank`);
    assert.equal(told('a\nb'), `${cannot} it has control characters`);
    assert.equal(told('$(HOME)'), `${cannot} $(HOME) would be taken for a reference`);
    assert.equal(told('%(listen)'), `${cannot} %(listen) would be taken for a reference`);
    assert.equal(told('@(x)'), `${cannot} @(x) would be taken for a reference`);
    assert.equal(told('$(NONE) %(none) 100%'), '; command line: --name');
  });

  test('prints what is read again as it was, whatever the values are', () => {
    const rows: readonly OptionRow[] = OPTIONS.filter(
      ({ name, topic }) => topic !== 'Configuration' && !BESIDE_FILE.has(name),
    );
    const part = fc.constantFrom(
      ...['%', '%%', '%(', '%(a)', '%(name)', '%n', '$(', '$(HOME)', '@(', ')', ' ', '=', ';', '#'],
      ...['[x]', '"', '\\', 'a', 'é', '\u001b[1m', '\n', '\t', '://', '@', 'key=x', '?token=y'],
    );
    const value = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    const setting = fc
      .tuple(fc.constantFrom(...rows), value)
      .map(([{ name }, text]): Setting => ({ name, value: text, origin: `--${name}` }));
    const print = (settings: readonly Setting[]): string =>
      showConfig(OPTIONS, settings, '/srv', ENV);
    const parse = (text: string): readonly Setting[] => {
      const read = readFiles([namedByItself('a.ini')], iniWorld({ 'a.ini': text }, ENV), OPTIONS);
      assert.deepEqual(read.problems, []);
      return read.settings;
    };
    fc.assert(
      fc.property(fc.array(setting, { maxLength: 6 }), (settings) => {
        const printed = print(settings);
        const held = settings.map(({ name, value: text }) => `${name} ${text}`);
        for (const { name, value: text } of parse(printed)) {
          assert.ok(held.includes(`${name} ${text}`), `${name} = ${text}`);
        }
        assert.deepEqual(setIn(print(parse(printed))), setIn(printed));
      }),
    );
  });
});
