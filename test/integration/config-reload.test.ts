import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get, startLoad } from '../support/http.js';
import { startServer, type TestServer } from '../support/server.js';

const APP = `export default (request, response) => {
  if (request.url === '/never') return;
  response.end('application');
};
`;

interface Instance {
  readonly server: TestServer;
  readonly folder: string;
  /** Writes the configuration: `lines` behind those that are always there. */
  readonly write: (...lines: string[]) => void;
  /** Reloads, and gives the document after it. */
  readonly reload: () => ReturnType<TestServer['stats']>;
}

/** A server with an ini file, and a socket that `front` says. */
function serve(t: TestContext, front: readonly string[], ...lines: string[]): Instance {
  const folder = makeFolder(t, { 'app.mjs': APP, 'public/a.txt': 'a file' });
  const file = path.join(folder, 'app.ini');
  const always = ['[uwsgi]', 'module = app.mjs'];
  const write = (...more: string[]): void => {
    writeFileSync(file, [...always, ...more, ''].join('\n'));
  };
  write(...lines);
  const server = startServer(t, [...front, '--ini', file]);
  let generation = 0;
  return {
    ...{ server, folder, write },
    async reload() {
      generation++;
      server.kill('SIGHUP');
      return server.until('the reload', (stats) => stats.generation === generation);
    },
  };
}

test('a reload takes what an ini file says then, under load, and loses no request', async (t) => {
  const { server, folder, write, reload } = serve(
    t,
    ['--http-socket', '127.0.0.1:0', '-L'],
    'processes = 2',
  );
  await server.ready();
  const url = await server.url();
  const load = startLoad(url, 4, false);
  t.after(() => load.stop());
  await eventually('answers', () => load.answered() > 20);

  write('processes = 3', 'harakiri = 1', `static-map = /s=${folder}/public`, 'name = shop');
  const changed = await reload();
  assert.deepEqual(
    changed.workers.map(({ accepting }) => accepting),
    [1, 1, 1],
  );
  assert.deepEqual(changed.config.changed, [
    `static-map: none → /s=${folder}/public`,
    'processes: 2 → 3',
    'harakiri: 0 → 1',
  ]);
  assert.deepEqual(changed.config.pending, ['name: none → shop']);
  assert.equal(changed.name, '', 'what is fixed stays');
  await server.logged(/^configuration: processes: 2 → 3$/m);
  await server.logged(
    /^configuration: name: none → shop takes an upgrade \(SIGUSR2\) or a restart$/m,
  );
  assert.equal((await get(`${url}never`)).status, 504, 'harakiri holds');

  write('processes = 1', 'proceses = 5');
  const refused = await reload();
  assert.match(refused.config.problems.join(), /app\.ini:4: .*"proceses".*processes/);
  assert.equal(refused.workers.filter(({ accepting }) => accepting === 1).length, 3);
  await server.logged(/reload finished, 3\/3 in .* with the configuration from before/);
  assert.deepEqual(
    refused.events.map(({ kind }) => kind),
    ['config-changed', 'config-pending', 'config-refused'],
  );

  write('processes = 1');
  const fewer = await reload();
  assert.deepEqual(fewer.config.problems, []);
  assert.deepEqual(
    fewer.workers.map(({ accepting }) => accepting),
    [1, 0, 0],
  );
  const { failures } = await load.stop();
  assert.deepEqual(failures, []);
});

test('behind a router, and a reload that is abandoned takes its configuration with it', async (t) => {
  const { server, folder, write, reload } = serve(
    t,
    ['--http', '127.0.0.1:0', '-L'],
    'processes = 1',
  );
  await server.ready();
  const url = await server.url('/s/a.txt');
  assert.equal((await get(url)).body, 'application');

  write('processes = 2', `static-map = /s=${folder}/public`, 'http-queue = 7');
  const changed = await reload();
  assert.equal((await get(url)).body, 'a file');
  assert.equal(changed.routers[0]?.queue_limit, 7);
  assert.equal(changed.workers.filter(({ accepting }) => accepting === 1).length, 2);

  writeFileSync(path.join(folder, 'broken.mjs'), 'throw new Error("no");\n');
  write('processes = 3', 'module = broken.mjs', 'need-app = true');
  server.kill('SIGHUP');
  const kept = await server.until('the end of the reload', ({ reload }) => {
    return reload.state === 'abandoned';
  });
  assert.match(kept.config.problems.join(), /^the reload was abandoned: /);
  const old = await server.until('the third worker to go', ({ workers }) => {
    return workers.length === 3 && workers[2]?.pid === 0;
  });
  process.kill(old.workers[0]!.pid, 'SIGKILL');
  await server.until('the respawn', ({ workers }) => {
    const [first] = workers;
    return first?.accepting === 1 && first.pid !== old.workers[0]!.pid;
  });
  assert.equal((await get(await server.url())).body, 'application');
});

test('the log is written as a reload says: as JSON, to a file, and by each process again', async (t) => {
  const { server, folder, write, reload } = serve(t, ['--http-socket', '127.0.0.1:0']);
  await server.ready();
  const url = await server.url();
  await get(`${url}plain`);
  await server.logged(/GET \/plain/);

  write('log-json = true');
  const json = await reload();
  assert.deepEqual(json.config.changed, ['log-json: off → on']);
  await get(`${url}object`);
  await server.logged(/^\{.*"uri":"\/object".*\}$/m);
  await server.logged(/^\{.*"process":"master".*"message":"Respawned tsuwsgi worker 1 .*\}$/m);

  const file = path.join(folder, 'app.log');
  write('log-prefix = %%(process)>', `logto = ${file}`, 'log-maxsize = 100M');
  const filed = await reload();
  assert.deepEqual(filed.config.pending, []);
  assert.equal(filed.loggers[0]?.name, `file:${file}`);
  await eventually('the end of the reload in the file', () => {
    return /^master>reload finished/m.test(readFileSync(file, 'utf8'));
  });

  const touched = ['a', 'b'].map((name) => path.join(folder, name));
  write(`logto = ${file}`, `touch-logreopen = ${touched[0]}`, `touch-logrotate = ${touched[1]}`);
  const watching = await reload();
  assert.deepEqual(watching.config.pending, []);
  renameSync(file, `${file}.moved`);
  await eventually('the look at files that are not there', () => {
    return /--touch-logrotate .*no such file/.test(readFileSync(`${file}.moved`, 'utf8'));
  });
  writeFileSync(touched[0]!, '');
  await eventually(
    'the new file',
    () => existsSync(file) && readFileSync(file, 'utf8').includes('opened anew'),
  );
  writeFileSync(touched[1]!, '');
  await eventually('the file that was moved away', () => {
    return readdirSync(folder).some((name) => /^app\.log\.\d+$/.test(name));
  });

  write(`logto = ${folder}`);
  const refused = await reload();
  assert.match(refused.config.problems.join(), new RegExp(`${folder}.*EISDIR`));

  write();
  const last = await reload();
  assert.deepEqual(last.loggers, []);
  server.kill('SIGTERM');
  await server.logged(/^goodbye to tsuwsgi\.$/m);
  assert.equal(await server.exited(), 0);
});
