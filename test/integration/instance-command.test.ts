import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { endsWithTest, pidIn, runCommand } from '../support/command.js';
import { makeFolder } from '../support/folder.js';
import { isAlive } from '../support/server.js';

const APP = 'export default (req, res) => res.end();\n';

/** An instance in the background of a folder, and a way to give it orders. */
async function startInstance(t: TestContext, more: readonly string[]) {
  const folder = makeFolder(t, { 'app.mjs': APP, 'app.ini': '[tsuwsgi]\n' });
  endsWithTest(t, folder);
  const words = [
    '--http-socket',
    '127.0.0.1:0',
    '--pidfile',
    'm.pid',
    '--vacuum',
    'app.ini',
    ...more,
  ];
  const started = await runCommand(['-d', 'm.log', '--module', 'app.mjs', ...words], folder);
  assert.equal(started.code, 0, started.stderr);
  const order = async (...argv: readonly string[]): Promise<[number | null, string]> => {
    const { code, stdout, stderr } = await runCommand([...argv, '--timeout', '30'], folder);
    return [code, stdout + stderr];
  };
  const breakIt = (): void => {
    writeFileSync(path.join(folder, 'app.mjs'), 'throw 1;');
  };
  return { folder, order, breakIt };
}

test('by its pid file or its stats, an instance tells how it is, reloads, is upgraded and stops', async (t) => {
  const { folder, order, breakIt } = await startInstance(t, ['-p', '2', '--stats', '127.0.0.1:0']);
  const log = readFileSync(path.join(folder, 'm.log'), 'utf8');
  const address = /Stats server enabled on (\S+)/.exec(log)?.[1] ?? '';
  const first = pidIn(folder);
  const told = await Promise.all(['m.pid', address].map((target) => order('--status', target)));
  for (const [code, text] of told) {
    assert.equal(code, 0, text);
    assert.match(text, new RegExp(`^state: serving\\npid: ${first}\\n[^]*^workers_ready: 2$`, 'm'));
  }
  assert.deepEqual((await order('--reload', 'm.pid'))[0], 0);
  const [chained, outcome] = await order('--chain-reload', address);
  assert.equal(chained, 0, outcome);
  assert.match(outcome, /^reload finished, 2\/2 in /);
  const file = path.join(folder, 'app.ini');
  writeFileSync(file, '[tsuwsgi]\nproceses = 5\nharakiri = soon\n');
  const [refused, problem] = await order('--reload', 'm.pid');
  assert.equal(refused, 5, problem);
  assert.match(problem, /^reload finished, 2\/2 in [^\n]*, with the configuration from before\n/);
  assert.match(
    problem,
    /^tsuwsgi: the configuration was refused, [^\n]*app\.ini:2: [^\n]*"proceses"[^\n]* \(1 more: [^\n]*: correct it and/m,
  );
  writeFileSync(file, '[tsuwsgi]\n');
  const [upgraded, news] = await order('--upgrade', address);
  assert.equal(upgraded, 0, news);
  const second = pidIn(folder);
  assert.match(news, new RegExp(`^upgraded: master ${second} has taken over from ${first},`));
  breakIt();
  const [abandoned, why] = await order('--reload', 'm.pid');
  assert.equal(abandoned, 1);
  assert.match(why, /abandoned/);
  const [stayed, reason] = await order('--upgrade', 'm.pid');
  assert.equal(stayed, 1);
  assert.match(reason, /^tsuwsgi: upgrade abandoned: its worker \d .*could not serve/);
  const [stopped, end] = await order('--stop', 'm.pid');
  assert.equal(stopped, 0, end);
  assert.match(end, new RegExp(`^stopped: process ${second} ended after \\d+\\.\\d s\\n$`));
  assert.equal(isAlive(second), false);
  assert.equal((await order('--status', address))[0], 3);
});

test('without a stats server the processes and the pid file tell what became of an order', async (t) => {
  const { folder, order, breakIt } = await startInstance(t, ['-p', '2']);
  const first = pidIn(folder);
  assert.deepEqual((await order('--status', 'm.pid'))[0], 0);
  const [reloaded, text] = await order('--reload', 'm.pid');
  assert.equal(reloaded, 0, text);
  assert.match(
    text,
    new RegExp(`^reloaded: the 2 workers of process ${first} are replaced; .* log only`),
  );
  const [chained, remedy] = await order('--chain-reload', 'm.pid');
  assert.equal(chained, 1);
  assert.match(remedy, /start it with --stats ADDRESS/);
  const [upgraded, news] = await order('--upgrade', 'm.pid');
  assert.equal(upgraded, 0, news);
  assert.notEqual(pidIn(folder), first);
  breakIt();
  const [abandoned, why] = await order('--upgrade', 'm.pid');
  assert.equal(abandoned, 1);
  assert.match(why, /^tsuwsgi: upgrade abandoned: the new master ended: the log of process \d+/);
  assert.equal((await order('--stop', 'm.pid'))[0], 0);
  assert.equal((await order('--stop', 'm.pid'))[0], 3);
});

test('a configuration on standard input holds in the background, in a reload and in upgrades', async (t) => {
  const folder = makeFolder(t, { 'app.mjs': APP });
  endsWithTest(t, folder);
  const lines = [
    'http-socket = 127.0.0.1:0',
    'module = app.mjs',
    'processes = 2',
    'pidfile = m.pid',
  ];
  const input = ['[tsuwsgi]', 'vacuum = true', 'env = SECRET=purr', ...lines, ''].join('\n');
  const started = await runCommand(['-d', 'm.log', '--ini', '-'], folder, input);
  assert.equal(started.code, 0, started.stderr);
  const order = async (action: string): Promise<string> => {
    const { code, stdout, stderr } = await runCommand([action, 'm.pid'], folder);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };
  const first = pidIn(folder);
  assert.match(await order('--reload'), /^reloaded: the 2 workers/);
  await order('--upgrade');
  await order('--upgrade');
  const last = pidIn(folder);
  assert.notEqual(last, first);
  assert.match(await order('--status'), /^workers: 2$/m);
  assert.doesNotMatch(readFileSync(`/proc/${last}/cmdline`, 'utf8'), /purr/);
  await order('--stop');
  const log = readFileSync(path.join(folder, 'm.log'), 'utf8');
  assert.doesNotMatch(log, /cannot be used|standard input/);
});

test('a process that has not written the pid file gets no signal', async (t) => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  const ended = once(bystander, 'exit');
  t.after(async () => {
    bystander.kill('SIGKILL');
    await ended;
  });
  const folder = makeFolder(t, { 'm.pid': `${bystander.pid}\n`, notes: 'buy milk\n' });
  const orders = ['--stop', '--reload', '--upgrade', '--status'];
  for (const { code, stderr } of await Promise.all(
    orders.map((action) => runCommand([action, 'm.pid'], folder)),
  )) {
    assert.equal(code, 3, stderr);
    assert.match(
      stderr,
      /^tsuwsgi: not running: m\.pid is stale, process \d+ has not written it$/m,
    );
  }
  assert.ok(isAlive(bystander.pid ?? 0));
  assert.equal((await runCommand(['--stop', 'notes'], folder)).code, 4);
});
