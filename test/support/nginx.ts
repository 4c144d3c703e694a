import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';
import { makeFolder } from './folder.js';
import { isAlive } from './server.js';

const PARAMS = '/etc/nginx/uwsgi_params';
const found = spawnSync('nginx', ['-v']).status === 0 && existsSync(PARAMS);

/** For `skip` of a test: false where nginx is installed, else what is missing. */
export const WITHOUT_NGINX: string | false = found ? false : 'needs the package nginx-light';

function connects(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect(socket, () => {
      connection.destroy();
      resolve(true);
    });
    connection.on('error', () => {
      resolve(false);
    });
  });
}

/** A location whose every request goes to `upstream` by the uwsgi protocol. */
export function uwsgiPass(upstream: string): string {
  return `include ${PARAMS}; uwsgi_pass ${upstream};`;
}

/** The same by HTTP, on connections that are kept, and with what a WebSocket needs. */
export function proxyPass(port: number): string {
  return `proxy_pass http://127.0.0.1:${port}; proxy_http_version 1.1; proxy_set_header Host $host;
    proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection;
    proxy_set_header X-Forwarded-For 192.0.2.7;`;
}

/**
 * Starts a real nginx with one location for everything, and resolves with the path of the unix
 * socket that it serves HTTP on: no port is guessed.
 */
export function startNginx(test: TestContext, location: string): Promise<string> {
  return startNginxWith(
    test,
    (socket) =>
      `client_max_body_size 0; server { listen unix:${socket}; location / { ${location} } }`,
  );
}

/** The same with anything that may stand in `http { }`, which listens on the given socket. */
export async function startNginxWith(
  test: TestContext,
  blocks: (socket: string) => string,
): Promise<string> {
  const folder = makeFolder(test, {});
  const socket = path.join(folder, 'http.sock');
  for (const kind of ['body', 'uwsgi', 'proxy', 'fastcgi', 'scgi']) {
    mkdirSync(path.join(folder, kind));
  }
  writeFileSync(
    path.join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
     events { worker_connections 512; }
     http {
       access_log off;
       client_body_temp_path ${folder}/body; uwsgi_temp_path ${folder}/uwsgi;
       proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; scgi_temp_path ${folder}/scgi;
       ${blocks(socket)}
     }`,
  );
  const nginx = spawn(
    'nginx',
    ['-e', `${folder}/error.log`, '-p', folder, '-c', `${folder}/nginx.conf`],
    { stdio: 'ignore' },
  );
  const { pid = 0 } = nginx;
  test.after(async () => {
    nginx.kill('SIGKILL');
    await eventually('nginx to be gone', () => !isAlive(pid));
  });
  // The file is there before anybody listens on it.
  await eventually('nginx to listen', () => connects(socket));
  return socket;
}
