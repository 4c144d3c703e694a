import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import type { StatsDocument } from '../../shared/stats.js';
import { eventually } from '../support/eventually.js';
import { startLoad } from '../support/http.js';
import { startServer } from '../support/server.js';

/** A server of HTTP that tells its port, and answers after a moment. */
const BACK_END = `
  const server = require('node:http').createServer((request, response) => {
    setTimeout(() => response.end('ok'), 3);
  });
  server.listen(Number(process.argv[1]), '127.0.0.1', () => console.log(server.address().port));
`;

interface Process {
  readonly child: ChildProcess;
  readonly port: number;
  readonly address: string;
}

/** Starts a back end in a process of its own, on a port or on any. */
async function startProcess(t: TestContext, wanted = 0): Promise<Process> {
  const child = spawn(process.execPath, ['-e', BACK_END, `${wanted}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(said.toString());
  return { child, port, address: `http://127.0.0.1:${port}` };
}

const backEnd = ({ routers: [router] }: StatsDocument, { address }: Process) =>
  router?.backends.find((one) => one.address === address);

describe('one of two back ends that is killed under load', { timeout: 120_000 }, () => {
  test('costs no request that had not reached it, and has its share again when it is back', async (t) => {
    const clients = 4;
    const [one, two] = [await startProcess(t), await startProcess(t)];
    const named = [one, two].flatMap(({ address }) => ['--http-to', address]);
    const server = startServer(t, ['--http', '127.0.0.1:0', ...named, '--disable-logging']);
    await server.until('the router', ({ routers }) => routers[0]?.state === 'ready');
    const url = await server.url('/');
    // What is asked by GET may be asked again; what is asked by POST only where nobody heard of it.
    const loads = [startLoad(url, clients, true), startLoad(url, clients, false, 'POST')];
    const goOn = async (): Promise<void> => {
      for (const load of loads) {
        const answered = load.answered();
        await eventually('answers', () => load.answered() > answered + 100);
      }
    };
    await goOn();
    one.child.kill('SIGKILL');
    await server.until('it to be down', (stats) => backEnd(stats, one)?.state === 'down');
    await goOn();
    await startProcess(t, one.port);
    const back = await server.until(
      'it to be back',
      (stats) => backEnd(stats, one)?.state === 'up',
    );
    const asked = (stats: StatsDocument): [number, number] => [
      backEnd(stats, one)?.requests ?? 0,
      backEnd(stats, two)?.requests ?? 0,
    ];
    const [first, second] = asked(back);
    const later = await server.until('more requests', (stats) => asked(stats)[1] > second + 200);
    const [got, others] = [asked(later)[0] - first, asked(later)[1] - second];
    assert.ok(got > others / 2, `it got ${got}, the other one ${others}`);
    const [gets, posts] = await Promise.all(loads.map((load) => load.stop()));
    assert.deepEqual(gets?.failures, []);
    // Those that were inside of it, at most one for each client.
    const failures = posts?.failures ?? [];
    assert.ok(failures.length <= clients, failures.join('\n'));
    assert.ok(
      failures.every((failure) => failure === 'status 502'),
      failures.join('\n'),
    );
  });
});
