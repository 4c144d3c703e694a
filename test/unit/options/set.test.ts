import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { readInvocation } from '../../../server/options/read.js';
import { makeFolder } from '../../support/folder.js';

function read(
  t: TestContext,
  argv: readonly string[],
  ini = '',
  env: NodeJS.ProcessEnv = {},
): ReturnType<typeof readInvocation> {
  const cwd = makeFolder(t, { 'a.ini': `[uwsgi]\nmodule = a.js\n${ini}` });
  return readInvocation([...argv, 'a.ini'], cwd, env);
}

describe('--set NAME=VALUE', () => {
  test('is the option of that name, and holds against the file as that does', (t) => {
    const invocation = read(t, ['-S', 'listen=7', '--set', 'p=3'], 'listen = 9\n');
    assert.ok(invocation.kind === 'serve');
    assert.deepEqual([invocation.options.listen, invocation.options.processes], [7, 3]);
  });

  test('is what a file means by a name that is no option, from the environment too', (t) => {
    const invocation = read(
      t,
      ['--set', 'many=3', '--set', 'mark=a=%(many)'],
      'processes = %(many)\nlog-prefix = %(mark)\nlisten = %(deep)\n',
      { TSUWSGI_SET: 'deep=8' },
    );
    assert.ok(invocation.kind === 'serve', JSON.stringify(invocation));
    const { processes, listen } = invocation.options;
    assert.deepEqual([processes, listen], [3, 8]);
    assert.equal(invocation.options['log-prefix'], 'a=3');
  });

  test('is refused without a name', (t) => {
    const invocation = read(t, ['--set', 'many', '-S', '=3']);
    assert.ok(invocation.kind === 'refuse');
    assert.deepEqual(invocation.problems, [
      '--set: "many" is not NAME=VALUE: write both',
      '--set: "=3" is not NAME=VALUE: write both',
    ]);
  });
});

describe('an option of uWSGI that does nothing here', () => {
  test('may stand on the command line, by its letter and with its value, and one note lists them', (t) => {
    const words = ['-i', '--plugins', 'python3,http', '--lazy-apps', '-T', '--lazy-apps'];
    const invocation = read(t, words);
    assert.ok(invocation.kind === 'serve');
    assert.deepEqual(invocation.notes.slice(0, 1), [
      'accepted for uWSGI configurations, without effect: single-interpreter, plugins, lazy-apps, enable-threads',
    ]);
  });

  test('needs the value that it has there', (t) => {
    const bare = readInvocation(['--plugins'], makeFolder(t, {}), {});
    assert.ok(bare.kind === 'refuse');
    assert.match(bare.problems.join(), /--plugins/);
  });
});
