import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDevCommand } from '../../../server/dev-command/command-line.js';

const run = (...argv: readonly string[]) => {
  const invocation = readDevCommand(argv);
  assert.ok(invocation.kind === 'run', JSON.stringify(invocation));
  return invocation;
};

const problems = (...argv: readonly string[]): readonly string[] => {
  const invocation = readDevCommand(argv);
  assert.ok(invocation.kind === 'refuse', JSON.stringify(invocation));
  return invocation.problems;
};

describe('tsuwsgi dev', () => {
  test('serves the application with one worker that is replaced when a file changes', () => {
    const { application, port, words } = run('app.js');
    assert.equal(application, 'app.js');
    assert.equal(port, 8000);
    assert.deepEqual(words.slice(0, 3), ['--module=app.js', '--processes=1', '--auto-reload']);
  });

  test('takes every option of tsuwsgi, behind what it says itself', () => {
    const { words } = run('app.js', '-p', '2', '--inspect', '--env', 'A=b=c', '--need-app');
    assert.deepEqual(words.slice(-4), ['--processes=2', '--inspect', '--env=A=b=c', '--need-app']);
    assert.ok(run('app.js', '--inspect=9300').words.includes('--inspect=9300'));
  });

  test('looks for no port where an address is given', () => {
    assert.equal(run('app.js', '--http', ':9000').port, null);
    assert.equal(run('app.js', '--port', '9000').port, 9000);
    assert.match(
      problems('app.js', '--port', '1', '--http', ':2')[0] ?? '',
      /leave one of them out/,
    );
  });

  test('says what is wrong with its words', () => {
    assert.match(problems()[0] ?? '', /no application is named: tsuwsgi dev app\.js/);
    assert.match(problems('app.ini')[0] ?? '', /"app\.ini" is a file of options/);
    assert.match(problems('a.js', 'b.js')[0] ?? '', /"b\.js": one application is served/);
    assert.match(problems('a.js', '--port', '70000')[0] ?? '', /70000/);
    assert.match(problems('a.js', '--inspekt')[0] ?? '', /did you mean --inspect/);
  });

  test('helps with what is of use here, and with one option', () => {
    const help = readDevCommand(['--help']);
    assert.ok(help.kind === 'print');
    assert.match(help.text, /--port <PORT>[^]*--inspect/);
    assert.doesNotMatch(help.text, /--cheaper/);
    const one = readDevCommand(['--help', 'port']);
    assert.ok(one.kind === 'print');
    assert.match(one.text, /next one that is free/);
  });
});
