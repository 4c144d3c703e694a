import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { getPriority } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { becomesNobody } from '../support/nobody.js';
import { startServer } from '../support/server.js';

const APP = `import { readFileSync } from 'node:fs';
import os from 'node:os';
export default (req, res) => res.end(JSON.stringify({
  cwd: process.cwd(), env: process.env.COLOUR, nice: os.getPriority(), flags: process.execArgv,
  imported: globalThis.imported, limits: readFileSync('/proc/self/limits', 'utf8'),
}));\n`;

interface Told {
  readonly cwd: string;
  readonly env: string;
  readonly nice: number;
  readonly flags: readonly string[];
  readonly imported: string;
  readonly limits: string;
}

/** A folder with two releases, and a link to the first. */
function makeReleases(home: string): void {
  for (const name of ['one', 'two']) {
    mkdirSync(path.join(home, name));
    writeFileSync(path.join(home, name, 'app.mjs'), APP);
    writeFileSync(path.join(home, name, 'pre.mjs'), `globalThis.imported = '${name}';\n`);
  }
  symlinkSync('one', path.join(home, 'current'));
}

test('workers have the folder, variables, limits, imports and options of Node, each new one anew', async (t) => {
  const home = makeFolder(t, {});
  makeReleases(home);
  const server = startServer(
    t,
    [
      ...['--chdir', 'current', '--module', 'app.mjs', '--env', 'COLOUR=blue=green'],
      ...['--worker-nice', '3', '--rlimit-nofile', '300', '--import', './pre.mjs'],
      ...['--node-option=--stack-trace-limit=42', '--pidfile', 'm.pid', '--disable-logging'],
    ],
    { cwd: home },
  );
  await server.ready();
  const ask = async (): Promise<Told> => JSON.parse((await get(await server.url())).body) as Told;
  const told = await ask();
  assert.equal(told.cwd, path.join(home, 'one'));
  assert.equal(told.imported, 'one');
  assert.equal(told.env, 'blue=green');
  assert.equal(told.nice, getPriority() + 3);
  assert.ok(told.flags.includes('--stack-trace-limit=42'));
  assert.match(told.limits, /^Max open files +300 +300 /m);
  // The pid file is relative to where the command was given, as in uWSGI.
  assert.equal(readFileSync(path.join(home, 'm.pid'), 'utf8'), `${server.pid}\n`);
  symlinkSync('two', path.join(home, 'next'));
  renameSync(path.join(home, 'next'), path.join(home, 'current'));
  server.kill('SIGHUP');
  // The old worker answers until it has drained.
  const renewed = await eventually('the new release', async () => {
    const answer = await ask();
    return answer.imported === 'two' && answer;
  });
  assert.equal(renewed.cwd, path.join(home, 'two'));
});

test('a pid file keeps a second instance from starting, and a stale one does not', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': APP, 'm.pid': `${process.pid}\n` });
  const args = ['--module', 'app.mjs', '--pidfile', 'm.pid'];
  const server = startServer(t, args, { cwd });
  await server.ready();
  assert.match(server.output, new RegExp(`m\\.pid is stale: process ${process.pid}, which`));
  const second = startServer(t, args, { cwd });
  assert.equal(await second.exited(), 1);
  assert.match(
    second.output,
    new RegExp(`m\\.pid names process ${server.pid}, a tsuwsgi that is running: stop it`),
  );
  assert.equal(readFileSync(path.join(cwd, 'm.pid'), 'utf8'), `${server.pid}\n`);
});

test('a file that is no pid file is not replaced by one', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': APP, precious: 'precious' });
  const server = startServer(t, ['--module', 'app.mjs', '--pidfile', 'precious'], { cwd });
  assert.equal(await server.exited(), 1);
  assert.match(server.output, /precious: it holds no process id, so it is not replaced/);
  assert.equal(readFileSync(path.join(cwd, 'precious'), 'utf8'), 'precious');
});

/** A port with a free one behind it. */
async function twoFreePorts(): Promise<number> {
  const listen = (port: number): Promise<net.Server> =>
    new Promise((resolve, reject) => {
      const server = net.createServer();
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        resolve(server);
      });
    });
  return eventually('two free ports', async () => {
    const first = await listen(0);
    const { port } = first.address() as net.AddressInfo;
    const second = await listen(port + 1).finally(() => first.close());
    second.close();
    return port;
  });
}

test('each worker has an inspector, which the next process takes over in a reload', async (t) => {
  const nobody = becomesNobody(t);
  if (nobody === null) return;
  const cwd = makeFolder(t, { 'app.mjs': APP });
  chmodSync(cwd, 0o755);
  const port = await twoFreePorts();
  const args = ['--module', path.join(cwd, 'app.mjs'), '-p', '2', `--inspect=${port}`];
  const refused = startServer(t, args);
  assert.equal(await refused.exited(), 1);
  assert.match(refused.output, /would let every user of this machine run code as root: give --uid/);
  const server = startServer(t, [...args, '--uid', 'nobody']);
  await server.ready();
  // Each process has another id.
  const ids = (): Promise<readonly string[]> =>
    Promise.all(
      [port, port + 1].map(async (each) => {
        const [target] = (await (
          await fetch(`http://127.0.0.1:${each}/json/list`, { headers: { connection: 'close' } })
        ).json()) as { id: string }[];
        return target!.id;
      }),
    );
  const before = await eventually('both inspectors', ids);
  server.kill('SIGHUP');
  await eventually('the inspectors of new workers', async () => {
    const now = await ids();
    return now.every((id, index) => id !== before[index]);
  });
});
