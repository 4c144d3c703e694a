import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { isAction } from '../../../server/instance-command/request.js';
import { OWN_VARIABLES, readEnvironment, variableOf } from '../../../server/options/environment.js';
import { readInvocation } from '../../../server/options/read.js';
import { OPTIONS } from '../../../server/options/table.js';
import { makeFolder } from '../../support/folder.js';
import { ROOT } from '../../support/server.js';

function read(env: Readonly<Record<string, string>>): ReturnType<typeof readEnvironment> {
  return readEnvironment(OPTIONS, env);
}

describe('the environment', () => {
  test('sets options by their long names, in capitals and with underscores', () => {
    const env = { TSUWSGI_HTTP_SOCKET: ':80', TSUWSGI_WORKERS: '4', HOME: '/', TSUWSGI: 'x' };
    assert.deepEqual(read(env), {
      settings: [
        { name: 'http-socket', value: ':80', origin: 'TSUWSGI_HTTP_SOCKET' },
        { name: 'processes', value: '4', origin: 'TSUWSGI_WORKERS' },
      ],
      problems: [],
    });
  });

  test('has a value a line for a list, and sets nothing where it is empty', () => {
    const { settings } = read({ TSUWSGI_STATS: ':1\n\n/run/a b\n', TSUWSGI_PROCESSES: '' });
    assert.deepEqual(
      settings.map(({ name, value }) => `${name}=${value}`),
      ['stats=:1', 'stats=/run/a b'],
    );
  });

  test('is told of variables that are nobody’s, and which were meant', () => {
    assert.deepEqual(read({ TSUWSGI_PROCESES: '4', TSUWSGI_QQ: '' }).problems, [
      'TSUWSGI_PROCESES: there is no option of this name; did you mean TSUWSGI_PROCESSES?; unset the variable if it is not for tsuwsgi',
      'TSUWSGI_QQ: there is no option of this name; unset the variable if it is not for tsuwsgi',
    ]);
    assert.deepEqual(read({ TSUWSGI_PROCESSES: '4', TSUWSGI_WORKERS: '5' }).problems, [
      'TSUWSGI_PROCESSES and TSUWSGI_WORKERS set the same option: leave one of them out',
    ]);
  });

  test('may hold what Kubernetes says of a service called tsuwsgi', () => {
    const env = {
      TSUWSGI_SERVICE_HOST: '10.0.0.1',
      TSUWSGI_SERVICE_PORT: '80',
      TSUWSGI_SERVICE_PORT_HTTP: '80',
      TSUWSGI_PORT: 'tcp://10.0.0.1:80',
      TSUWSGI_PORT_80_TCP: 'tcp://10.0.0.1:80',
      TSUWSGI_PORT_80_TCP_ADDR: '10.0.0.1',
    };
    assert.deepEqual(read(env), { settings: [], problems: [] });
  });

  test('may hold every variable that tsuwsgi itself knows', () => {
    const server = path.join(ROOT, 'server');
    const named = readdirSync(server, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(path.join(server, file), 'utf8').matchAll(/\bTSUWSGI_[A-Z_]+[A-Z]\b/g),
      ])
      .map(([name]) => name);
    assert.ok(named.length > OWN_VARIABLES.size);
    const env = Object.fromEntries([...named, ...OWN_VARIABLES].map((name) => [name, 'x']));
    assert.deepEqual(read(env).problems, []);
  });

  test('takes no option’s variable for its own purposes', () => {
    // Orders to an instance that runs are for the command line only.
    for (const { name } of OPTIONS.filter((row) => !isAction(row.name))) {
      assert.ok(!OWN_VARIABLES.has(variableOf(name)), name);
    }
  });

  test('holds against files, and gives way to the command line', (t) => {
    const text = '[uwsgi]\nmodule = app.js\nprocesses = 2\nlisten = 10\nstats = :1\n';
    const cwd = makeFolder(t, { 'a.ini': text });
    const env = {
      TSUWSGI_INI: 'a.ini',
      TSUWSGI_PROCESSES: '3',
      TSUWSGI_LISTEN: '20',
      TSUWSGI_STATS: ':2',
    };
    const invocation = readInvocation(['-p', '4', '--stats', ':3'], cwd, env);
    if (invocation.kind !== 'serve') assert.fail(JSON.stringify(invocation));
    assert.equal(invocation.options.processes, 4);
    assert.equal(invocation.options.listen, 20);
    assert.deepEqual(invocation.options.stats, [':1', ':2', ':3']);
  });

  test('has its values checked like all others', (t) => {
    const invocation = readInvocation(['-m', 'a.js'], makeFolder(t, {}), {
      TSUWSGI_PROCESSES: 'many',
      TSUWSGI_MASTER: 'maybe',
    });
    assert.deepEqual('problems' in invocation && invocation.problems, [
      'TSUWSGI_MASTER: "maybe" is neither true nor false: write true or false, or the option alone',
      'TSUWSGI_PROCESSES: "many" is not a whole number: write digits alone, such as 4',
    ]);
  });
});
