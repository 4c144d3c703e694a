import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { get } from '../support/http.js';
import { APPS, startServer, type TestServer } from '../support/server.js';

const app = ['--module', path.join(APPS, 'farewell.mjs'), '--disable-logging'];

/** One worker with a slow request in flight; its pid, and the answer to come. */
async function withSlowRequest(t: TestContext) {
  const server = startServer(t, [...app, '-p', '1']);
  await server.ready();
  const slow = get(await server.url('/slow'));
  const { workers } = await server.until('the request', (stats) => stats.in_flight === 1);
  return { server, slow, pid: workers[0]!.pid };
}

async function successorOf(server: TestServer, pid: number) {
  const { workers } = await server.until(
    'the successor alone',
    ({ workers: [worker] }) =>
      worker!.accepting === 1 && worker!.pid !== pid && worker!.draining.length === 0,
  );
  return workers[0]!;
}

describe('a signal that is sent to a worker', () => {
  test('HUP has it replaced by a new process first; its requests are finished', async (t) => {
    const { server, slow, pid } = await withSlowRequest(t);
    process.kill(pid, 'SIGHUP');
    await server.logged(/worker 1 \(pid: \d+\) was sent SIGHUP/);
    const during = await server.until('both', ({ workers: [worker] }) => worker!.pid !== pid);
    assert.deepEqual(
      during.workers[0]!.draining.map(({ in_flight }) => in_flight),
      [1],
      'the old one has its request while the new one serves',
    );
    assert.notEqual((await get(await server.url())).body, String(pid));
    assert.equal((await slow).body, String(pid));
    const { last_exit } = await successorOf(server, pid);
    assert.deepEqual([last_exit?.code, last_exit?.reason], [17, 'reload']);
    assert.doesNotMatch(server.output, /DAMN|hears SIGHUP/);
  });

  test('TERM lets it finish its requests, and it is replaced', async (t) => {
    const { server, slow, pid } = await withSlowRequest(t);
    process.kill(pid, 'SIGTERM');
    await server.logged(/worker 1 \(pid: \d+\) was sent SIGTERM/);
    assert.equal((await slow).body, String(pid));
    const { last_exit } = await successorOf(server, pid);
    assert.deepEqual([last_exit?.code, last_exit?.reason], [17, 'killed']);
    assert.doesNotMatch(server.output, /DAMN/);
  });

  test('INT ends it at once, which is no crash', async (t) => {
    const { server, slow, pid } = await withSlowRequest(t);
    const cut = assert.rejects(slow);
    process.kill(pid, 'SIGINT');
    await cut;
    const { last_exit } = await successorOf(server, pid);
    assert.deepEqual([last_exit?.code, last_exit?.reason], [30, 'killed']);
    assert.doesNotMatch(server.output, /DAMN|closes|hears/);
  });

  test('USR1 writes its totals to the log and opens no inspector', async (t) => {
    const server = startServer(t, [...app, '-p', '1']);
    await server.ready();
    for (let i = 0; i < 3; i++) await get(await server.url());
    const { workers } = await server.until('3 requests', (stats) => {
      return stats.workers[0]!.requests === 3;
    });
    process.kill(workers[0]!.pid, 'SIGUSR1');
    await server.logged(/worker 1 \(pid: \d+\): 3 requests, 0 exceptions, 0 aborted, /);
    await server.logged(/app \d+: hears SIGUSR1/);
    assert.equal((await get(await server.url())).body, String(workers[0]!.pid));
    assert.doesNotMatch(server.output, /Debugger listening/);
  });

  test('is never one for the process group of the master, as a terminal sends them', async (t) => {
    const server = startServer(t, [...app, '-p', '2']);
    const { workers } = await server.ready();
    const groups = workers.map(({ pid }) => groupOf(pid));
    assert.deepEqual(
      groups,
      workers.map(({ pid }) => pid),
      'each worker leads a group of its own',
    );
    assert.ok(!groups.includes(groupOf(server.pid)));
  });
});

/** The process group, field 5 of /proc/PID/stat. */
function groupOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}
