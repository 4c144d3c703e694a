import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { freePort, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { ROOT, startServer, type TestServer } from '../support/server.js';

/** What the guides in docs/guides begin with: each is run as it is, where it comes from and here. */
const SAMPLES = path.join(ROOT, 'examples/migrate');

/** Runs a sample by the program it was written for. */
function runElsewhere(
  t: TestContext,
  command: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): void {
  const [program = '', ...words] = command;
  const env = { ...process.env, ...environment };
  const child = spawn(program, words, { env, stdio: 'ignore', detached: true });
  t.after(async () => {
    const closed = once(child, 'close');
    // With what it has forked.
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await closed;
  });
}

/** What is answered on a connection of its own. */
async function textAt(url: string): Promise<string> {
  const request = http.get(url, { agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return text(response);
}

/** A sample whose files name ports, with others in their place. */
function copied(t: TestContext, sample: string, ini: string, ports: readonly number[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-migrate-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync(path.join(SAMPLES, sample), folder, { recursive: true });
  const file = path.join(folder, ini);
  const [http = 0, stats = 0] = ports;
  const other = readFileSync(file, 'utf8')
    .replace('127.0.0.1:8000', `127.0.0.1:${http}`)
    .replace('127.0.0.1:9191', `127.0.0.1:${stats}`);
  writeFileSync(file, other);
  return file;
}

/** Asks until every worker has answered; the answers that there were. */
async function answersOf(server: TestServer, route: string, many: number): Promise<string[]> {
  const seen = new Set<string>();
  await eventually(`${many} answers`, async () => {
    seen.add(await textAt(await server.url(route)));
    return seen.size === many;
  });
  return [...seen].sort();
}

const OWN_PORTS = ['--http-socket', '127.0.0.1:0', '--stats', '127.0.0.1:0'];

describe('an application for node:cluster', () => {
  const file = path.join(SAMPLES, 'cluster/server.mjs');

  test('is one: node runs it', async (t) => {
    const port = await freePort();
    runElsewhere(t, [process.execPath, file], { PORT: `${port}` });
    const answer = await eventually('an answer', () => textAt(`http://127.0.0.1:${port}`));
    assert.match(answer, /^miaow from worker \d+\n$/);
  });

  test('serves in the workers of tsuwsgi and forks none of its own', async (t) => {
    const server = startServer(t, [...OWN_PORTS, '--module', file, '-p', '2']);
    await server.ready();
    const answers = await answersOf(server, '/', 2);
    assert.deepEqual(answers, ['miaow from worker 1\n', 'miaow from worker 2\n']);
    assert.doesNotMatch(server.output, /another one takes its place/);
  });
});

describe('an application for PM2', () => {
  test('is awaited until it says that it is ready, knows its number, and is asked to leave', async (t) => {
    const server = startServer(t, [copied(t, 'pm2', 'tsuwsgi.ini', [])]);
    await server.ready();
    assert.equal(await textAt(await server.url()), 'miaow\n', 'not before its store is open');
    const answers = await answersOf(server, '/instance', 2);
    assert.deepEqual(answers, ['instance 0\n', 'instance 1\n']);
    server.child.kill('SIGTERM');
    assert.equal(await server.exited(), 0);
    assert.equal(server.output.match(/the store is closed/g)?.length, 2);
  });
});

describe('an ini file of uWSGI', () => {
  test('is one: uWSGI runs it', { skip: WITHOUT_UWSGI }, async (t) => {
    const ports = [await freePort(), await freePort()];
    runElsewhere(t, ['uwsgi', copied(t, 'uwsgi', 'cats.ini', ports)]);
    const answer = await eventually('an answer', () => textAt(`http://127.0.0.1:${ports[0]}`));
    assert.equal(answer, 'miaow from Python\n');
  });

  test('runs a Node application when it is said which', async (t) => {
    const server = startServer(t, [copied(t, 'uwsgi', 'cats.ini', [])]);
    await server.ready();
    assert.equal(await textAt(await server.url()), 'miaow from Node\n');
    assert.match(server.output, /cats\.ini:\d+: wsgi-file is about Python and has no effect here/);
  });
});
