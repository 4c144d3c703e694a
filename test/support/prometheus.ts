import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';
import { get } from './http.js';
import { tcpServer } from './stats-servers.js';

/** A real Prometheus in a process of its own. */
export interface Prometheus {
  /** Asks its API: `/query?query=up`, say; gives `data` of the answer. */
  api(path: string): Promise<unknown>;
  /** The values of an instant query; fails when it is not understood. */
  query(promql: string): Promise<number[]>;
}

/** Starts Prometheus with the configuration in a folder, and ends it with the test. */
export async function startPrometheus(t: TestContext, folder: string): Promise<Prometheus> {
  // It takes no port 0, so a free port is found out before.
  const probe = await tcpServer(() => undefined);
  await probe[Symbol.asyncDispose]();
  const data = path.join(folder, 'data');
  const child = spawn(
    'prometheus',
    [
      `--config.file=${path.join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${probe.port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  }
  const gone = once(child, 'close');
  t.after(async () => {
    child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(forced);
    rmSync(data, { recursive: true, force: true });
  });
  const base = `http://127.0.0.1:${probe.port}`;
  await eventually('Prometheus to be ready', async () => {
    assert.ok(child.exitCode === null, `it ended:\n${log}`);
    return (await get(`${base}/-/ready`)).status === 200;
  });
  const api = async (route: string): Promise<unknown> => {
    const { body } = await get(`${base}/api/v1${route}`);
    const answer: unknown = JSON.parse(body);
    assert.equal(Reflect.get(Object(answer), 'status'), 'success', `${route}: ${body}`);
    return Reflect.get(Object(answer), 'data');
  };
  return {
    api,
    async query(promql) {
      const data = await api(`/query?query=${encodeURIComponent(promql)}`);
      const { result } = data as { result: { value: [number, string] }[] };
      return result.map(({ value: [, value] }) => Number(value));
    },
  };
}
