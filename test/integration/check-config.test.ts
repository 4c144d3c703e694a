import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { ROOT } from '../support/server.js';

const MAIN = path.join(ROOT, 'dist/server/main.js');

interface Told {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function run(args: readonly string[], cwd: string, input = '', env = {}): Told {
  const environment = { PATH: process.env['PATH'], ...env };
  const options = { cwd, input, env: environment, encoding: 'utf8', timeout: 60_000 } as const;
  return spawnSync(process.execPath, [MAIN, ...args], options);
}

const APP = 'export default (request, response) => response.end();\n';

describe('--check-config', () => {
  test('finds a configuration valid, and binds nothing of it', async (t) => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await eventually('the port', () => taken.listening);
    const { port } = taken.address() as net.AddressInfo;
    const text = `tsuwsgi:\n  module: app.mjs\n  http-socket: 127.0.0.1:${port}\n  print: "for %(module)"\n`;
    const cwd = makeFolder(t, { 'a.yaml': text, 'app.mjs': APP });
    const { stdout, stderr, status } = run(['a.yaml', '--check-config'], cwd);
    assert.deepEqual(
      { stdout, stderr, status },
      {
        stdout: 'for app.mjs\nconfiguration is valid\n',
        stderr: '',
        status: 0,
      },
    );
  });

  test('tells all problems of files, environment and command line at once', (t) => {
    const cwd = makeFolder(t, { 'a.toml': '[tsuwsgi]\nlisten = 0\nproceses = 2\n' });
    const env = { TSUWSGI_PROCESSES: 'x', TSUWSGI_QQ: '1' };
    const { stdout, stderr, status } = run(['a.toml', '--check-config', '-b', '1'], cwd, '', env);
    assert.equal(stdout, '');
    assert.equal(status, 1);
    assert.deepEqual(
      stderr
        .trimEnd()
        .split('\n')
        .map((line) => /^tsuwsgi: (?:a\.toml:\d: )?[\w-]+/.exec(line)?.[0]),
      [
        'tsuwsgi: TSUWSGI_QQ',
        'tsuwsgi: a.toml:2: listen',
        'tsuwsgi: a.toml:3: proceses',
        'tsuwsgi: TSUWSGI_PROCESSES',
        'tsuwsgi: --buffer-size',
      ],
    );
  });

  test('tells all that this machine lacks', (t) => {
    const cwd = makeFolder(t, {});
    const args = ['-m', 'none.js', '--static-map', '/a=none', '--uid', 'nobody-of-this-name'];
    const { stderr, status } = run(['--check-config', ...args], cwd);
    assert.equal(status, 1);
    assert.match(stderr, /--uid.*nobody-of-this-name/);
    assert.match(stderr, /--static-map.*none/);
    assert.match(stderr, /--module none\.js: there is no file .*none\.js/);
  });
});

describe('standard input', () => {
  test('is read as a file of any format', (t) => {
    const cwd = makeFolder(t, { 'app.mjs': APP });
    const texts = {
      '-': '[uwsgi]\nmodule = app.mjs\nlisten = 7\n',
      '--ini=-': '[uwsgi]\nmodule = app.mjs\nlisten = 7\n',
      '--yaml=-': 'uwsgi:\n  module: app.mjs\n  listen: 7\n',
      '--json=-': '{"uwsgi": {"module": "app.mjs",\n"listen": 7}}',
      '--toml=-': '[uwsgi]\nmodule = "app.mjs"\nlisten = 7\n',
    };
    const printed = Object.entries(texts).map(([argument, text]) => {
      const { stdout, stderr } = run([argument, '--show-config'], cwd, text);
      assert.equal(stderr, '');
      return stdout.replaceAll(/^; -:\d+$/gm, '; -');
    });
    assert.match(printed[0] ?? '', /^listen = 7$/m);
    for (const text of printed) assert.equal(text, printed[0]);
  });
});

test('--dump-options lists every option with its names and bounds', (t) => {
  const { stdout, status } = run(['--dump-options'], makeFolder(t, {}));
  assert.equal(status, 0);
  const line = stdout.split('\n').find((each) => each.startsWith('processes\t'));
  assert.deepEqual(line?.split('\t').slice(0, 10), [
    ...['processes', 'p,workers', 'integer', 'N', '', '1', '1', '1024', 'Processes', '0.1.0'],
  ]);
});
