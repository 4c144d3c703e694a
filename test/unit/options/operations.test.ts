import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readVariables, variableProblem } from '../../../server/options/variables.js';
import { inspectProblem, inspectRefusal, readInspect } from '../../../server/options/inspect.js';
import { nodeOptionProblem } from '../../../server/options/node-option.js';
import { readInvocation } from '../../../server/options/read.js';
import { makeFolder } from '../../support/folder.js';

test('a variable is a name and a value, of which only the first = divides', () => {
  assert.deepEqual(readVariables(['A=1', 'B=x=y', 'A=2', 'C=']), { A: '2', B: 'x=y', C: '' });
});

test('what is no variable, or is set by tsuwsgi itself, is refused', () => {
  for (const text of ['', 'A', '=1', 'A B=1']) {
    assert.match(variableProblem(text) ?? '', /is no variable: write NAME=VALUE$/);
  }
  assert.match(variableProblem('A=\0') ?? '', /^the value of A holds a zero byte/);
  assert.match(variableProblem('NODE_APP_INSTANCE=0') ?? '', /is set by tsuwsgi itself/);
  assert.match(variableProblem('TSUWSGI_UPGRADE={}') ?? '', /is set by tsuwsgi itself/);
  assert.equal(variableProblem('TSUWSGI_REDIS_PASSWORD=x'), null);
});

test('an option of Node is one that NODE_OPTIONS may hold', () => {
  for (const text of ['--max-old-space-size=512', '--max_old_space_size=512', '--no-warnings']) {
    assert.equal(nodeOptionProblem(text), null, text);
  }
  for (const text of ['--eval', '-e', '--no-such-option', 'app.js', '']) {
    assert.match(nodeOptionProblem(text) ?? '', /is no option that NODE_OPTIONS of Node v/, text);
  }
});

test('what tsuwsgi has an option for is named, and two options in one are refused', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['--inspect=0', /write --inspect,/],
    ['--inspect-brk', /write --inspect,/],
    ['--import=tsx', /write --import MODULE$/],
    ['--watch', /write --auto-reload$/],
    ['--test', /leave it out$/],
    ['--max_http_header_size=9', /write --limit-headers BYTES$/],
    ['--require ./x.js', /write the value behind an =/],
  ];
  for (const [text, remedy] of cases) assert.match(nodeOptionProblem(text) ?? '', remedy, text);
});

test('an inspector is on loopback unless an address says otherwise', () => {
  const at = (text: string) => readInspect(text);
  assert.deepEqual(at('9229'), { ok: true, value: { host: '127.0.0.1', port: 9229 } });
  assert.deepEqual(at(':9300'), { ok: true, value: { host: '127.0.0.1', port: 9300 } });
  assert.deepEqual(at('0.0.0.0:9300'), { ok: true, value: { host: '0.0.0.0', port: 9300 } });
  assert.deepEqual(at('[::1]:9300'), { ok: true, value: { host: '::1', port: 9300 } });
  for (const text of ['', 'app.ini', '80', '65536', '::1:9300', 'example.org:9300']) {
    assert.match(inspectProblem(text) ?? '', /write/, text);
  }
});

test('inspectors are refused for root, and where their ports would not do', () => {
  assert.equal(inspectRefusal({ processes: 4 }, true), null);
  assert.equal(inspectRefusal({ inspect: '9229', processes: 4 }, false), null);
  assert.match(
    inspectRefusal({ inspect: '9229', processes: 1 }, true) ?? '',
    /as root: give --uid/,
  );
  assert.match(
    inspectRefusal({ inspect: '65535', processes: 2 }, false) ?? '',
    /need ports up to 65536, and 65535 is the last/,
  );
});

test('--inspect without a port is the one of Node', () => {
  const invocation = readInvocation(['--module', 'a.js', '--inspect', '-p', '2'], '/');
  assert.equal(invocation.kind, 'serve');
  assert.equal(invocation.options.inspect, '9229');
});

test('with chdir a relative module of a file starts from there, without it beside the file', (t) => {
  const cwd = makeFolder(t, {
    'beside.ini': '[uwsgi]\nmodule = app.js\nimport = ./pre.js\nimport = tsx\n',
    'moved.ini':
      '[uwsgi]\nmodule = app.js\nimport = ./pre.js\nchdir = /srv\nenv = A=1\nenv = B=2\n',
  });
  const read = (words: readonly string[]) => {
    const invocation = readInvocation(words, cwd);
    assert.equal(invocation.kind, 'serve', JSON.stringify(invocation));
    return invocation.options;
  };
  const file = path.join(cwd, 'beside.ini');
  const beside = read([file]);
  assert.equal(beside.module, path.join(cwd, 'app.js'));
  assert.deepEqual(beside.import, [path.join(cwd, 'pre.js'), 'tsx']);
  assert.equal(read([file, '--chdir', '/srv']).module, 'app.js');
  const moved = read(['moved.ini']);
  assert.equal(moved.module, 'app.js');
  assert.deepEqual(moved.import, ['./pre.js']);
  assert.deepEqual(moved.env, ['A=1', 'B=2']);
});
