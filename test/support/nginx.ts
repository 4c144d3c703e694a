import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';
import { makeFolder } from './folder.js';
import { isAlive } from './server.js';

const PARAMS = '/etc/nginx/uwsgi_params';
const found = spawnSync('nginx', ['-v']).status === 0 && existsSync(PARAMS);

/** For `skip` of a test: false where nginx is installed, else what is missing. */
export const WITHOUT_NGINX: string | false = found ? false : 'needs the package nginx-light';

/**
 * Starts a real nginx whose every request goes to `upstream` by the uwsgi protocol, and resolves
 * with the path of the unix socket that it serves HTTP on: no port is guessed.
 */
export async function startNginx(test: TestContext, upstream: string): Promise<string> {
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
       access_log off; client_max_body_size 0;
       client_body_temp_path ${folder}/body; uwsgi_temp_path ${folder}/uwsgi;
       proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; scgi_temp_path ${folder}/scgi;
       server {
         listen unix:${socket};
         location / { include ${PARAMS}; uwsgi_pass ${upstream}; }
       }
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
  await eventually('nginx to listen', () => existsSync(socket));
  return socket;
}
