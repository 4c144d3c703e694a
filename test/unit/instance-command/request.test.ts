import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTANCE_EXIT_CODES } from '../../../server/instance-command/exit-codes.js';
import { ACTIONS } from '../../../server/instance-command/request.js';
import { readInvocation } from '../../../server/options/read.js';
import { makeFolder } from '../../support/folder.js';

/** What is refused, and whether as an order. */
function refused(argv: readonly string[], cwd = '/'): { problem: string; isOrder: boolean } {
  const invocation = readInvocation(argv, cwd);
  assert.equal(invocation.kind, 'refuse', JSON.stringify(invocation));
  return { problem: invocation.problems.join('\n'), isOrder: invocation.isOrder };
}

test('an order names an action and an instance, and how long to wait', () => {
  for (const action of ACTIONS) {
    const request = { action, target: '/run/a.pid' };
    assert.deepEqual(readInvocation([`--${action}`, '/run/a.pid'], '/'), {
      ...{ kind: 'order', request, timeoutMs: 90_000 },
    });
  }
  assert.deepEqual(readInvocation(['--timeout', '1.5', '--stop=:9191'], '/'), {
    ...{ kind: 'order', request: { action: 'stop', target: ':9191' }, timeoutMs: 1500 },
  });
});

test('an order stands alone', () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['--stop', 'a', '--reload', 'b'], /^--stop and --reload are two orders/],
    [['--stop', 'a', '-p', '2'], /^--processes says nothing to an instance that runs/],
    [['app.ini', '--status', 'a'], /^app\.ini says nothing to an instance that runs/],
    [['--stop', 'a', '--timeout', 'soon'], /^--timeout: "soon" is not a number/],
    [['--timeout', '3'], /^--timeout 3 goes with --status, --stop,/],
    [['--stop'], /argument missing/],
  ];
  for (const [argv, problem] of cases) {
    const found = refused(argv);
    assert.match(found.problem, problem);
    assert.ok(found.isOrder, argv.join(' '));
  }
  assert.equal(refused(['--no-such-option']).isOrder, false);
});

test('an order in a file is refused with its place', (t) => {
  const cwd = makeFolder(t, { 'a.ini': '[uwsgi]\nmodule = a.js\nstop = a.pid\n' });
  const { problem, isOrder } = refused(['a.ini'], cwd);
  assert.match(
    problem,
    /^a\.ini:3: stop: an order to an instance is no option to serve with: write it on the command line: tsuwsgi --stop PIDFILE$/,
  );
  assert.equal(isOrder, false);
});

test('each exit code has one meaning', () => {
  assert.deepEqual(
    INSTANCE_EXIT_CODES.map(({ code }) => code),
    [0, 1, 2, 3, 4, 5],
  );
});
