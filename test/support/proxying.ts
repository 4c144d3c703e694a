import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';
import { makeFolder } from './folder.js';
import { freePort } from './real-uwsgi.js';
import { isAlive } from './server.js';

/** A real program that passes TCP connections on, each behind a header of the PROXY protocol. */
export interface Proxying {
  /** For `skip` of a test: false where it is installed, else what is missing. */
  readonly missing: string | false;
  /** Its command; `folder` is for what it writes, and holds `configuration`. */
  readonly command: (folder: string) => readonly string[];
  readonly configuration: (folder: string, routes: readonly Route[]) => string;
}

interface Route {
  readonly from: number;
  readonly to: number;
}

const CONFIGURATION = 'proxying.conf';
const STREAM = '/usr/lib/nginx/modules/ngx_stream_module.so';

function nginx(): Proxying {
  const found = spawnSync('nginx', ['-v']).status === 0 && existsSync(STREAM);
  return {
    missing: found ? false : 'needs the packages nginx-light and libnginx-mod-stream',
    command: (folder) => [
      ...['nginx', '-e', `${folder}/error.log`, '-p', folder],
      ...['-c', path.join(folder, CONFIGURATION)],
    ],
    configuration: (folder, routes) => {
      const servers = routes.map(
        ({ from, to }) =>
          `server { listen 127.0.0.1:${from}; proxy_pass 127.0.0.1:${to}; proxy_protocol on; }`,
      );
      return `load_module ${STREAM}; daemon off; master_process off;
        pid ${folder}/pid; error_log ${folder}/error.log; events { worker_connections 64; }
        stream { ${servers.join('\n')} }`;
    },
  };
}

function haproxy(how: 'send-proxy' | 'send-proxy-v2'): Proxying {
  const found = spawnSync('haproxy', ['-v']).status === 0;
  return {
    missing: found ? false : 'needs the package haproxy',
    command: (folder) => ['haproxy', '-db', '-f', path.join(folder, CONFIGURATION)],
    configuration: (_folder, routes) => {
      const listeners = routes.map(
        ({ from, to }) =>
          `listen to-${to}\n  bind 127.0.0.1:${from}\n  server one 127.0.0.1:${to} ${how}\n`,
      );
      return `defaults\n  mode tcp\n  timeout connect 10s\n  timeout client 60s\n  timeout server 60s\n${listeners.join('')}`;
    },
  };
}

/** By how they are called in the title of a test. */
export const PROXYING: Readonly<Record<string, Proxying>> = {
  'nginx with proxy_protocol': nginx(),
  'HAProxy with send-proxy': haproxy('send-proxy'),
  'HAProxy with send-proxy-v2': haproxy('send-proxy-v2'),
};

/** Starts one before some ports; resolves with its own, in their order, when it accepts on all. */
export async function startProxying(
  test: TestContext,
  { command, configuration }: Proxying,
  ports: readonly number[],
): Promise<number[]> {
  const folder = makeFolder(test, {});
  const routes: Route[] = [];
  for (const to of ports) routes.push({ from: await freePort(), to });
  writeFileSync(path.join(folder, CONFIGURATION), configuration(folder, routes));
  const [program = '', ...args] = command(folder);
  const child = spawn(program, args, { stdio: 'ignore' });
  test.after(async () => {
    child.kill('SIGKILL');
    await eventually('it to be gone', () => !isAlive(child.pid ?? 0));
  });
  for (const { from } of routes) await eventually('it to listen', () => accepts(from));
  return routes.map(({ from }) => from);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect(port, '127.0.0.1', () => {
      connection.destroy();
      resolve(true);
    });
    connection.on('error', () => {
      resolve(false);
    });
  });
}
