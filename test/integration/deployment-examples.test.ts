import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { example, replaced } from '../support/examples.js';
import { makeFolder } from '../support/folder.js';
import { startNginxWith, WITHOUT_NGINX } from '../support/nginx.js';
import { freePort } from '../support/real-uwsgi.js';
import { isAlive, startServer } from '../support/server.js';
import { passing, startNotifySocket, WITHOUT_MANAGER } from '../support/service-manager.js';

/** What examples/ says of a deployment is run here, with other ports and paths. */

/** Says who its client is, and takes what is upgraded. */
const APP = `import http from 'node:http';
const server = http.createServer(({ headers, url }, response) => {
  response.end([url, headers['x-forwarded-for']].join(' '));
});
server.on('upgrade', (request, socket) => {
  socket.end('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\nmeow');
});
export default server;\n`;

/** The path of a unix socket, or what `http.request` takes. */
type Place = string | http.RequestOptions;

function ask(place: Place, headers: http.OutgoingHttpHeaders = {}): http.ClientRequest {
  const where = typeof place === 'string' ? { socketPath: place } : place;
  return http.request({ ...where, path: '/cats', headers, agent: false }).end();
}

async function answer(place: Place): Promise<string> {
  const [response] = (await once(ask(place), 'response')) as [http.IncomingMessage];
  return `${response.statusCode ?? 0} ${(await response.toArray()).join('')}`;
}

describe('examples/nginx', { skip: WITHOUT_NGINX }, () => {
  test('proxy.conf passes requests and WebSockets on, and who the client is', async (t) => {
    const cwd = makeFolder(t, { 'app.mjs': APP });
    const args = ['--http', '127.0.0.1:0', '--trust-proxy', '127.0.0.1', '--module', 'app.mjs'];
    const server = startServer(t, args, { cwd });
    await server.ready();
    const port = await server.port();
    const socket = await startNginxWith(t, (path) =>
      replaced(example('nginx/proxy.conf'), [
        ['listen 80;', `listen unix:${path};`],
        ['127.0.0.1:8000;', `127.0.0.1:${port};`],
        // All clients of a unix socket are one.
        ['$remote_addr;', '192.0.2.7;'],
      ]),
    );
    assert.match(await answer(socket), /^200 \/cats 192\.0\.2\.7/);
    const upgraded = ask(socket, { connection: 'Upgrade', upgrade: 'websocket' });
    const [, stream, head] = (await once(upgraded, 'upgrade')) as [unknown, net.Socket, Buffer];
    assert.equal(
      Buffer.concat([head, ...((await stream.toArray()) as Buffer[])]).toString(),
      'meow',
    );
  });

  test('uwsgi.conf passes requests on by the uwsgi protocol', async (t) => {
    const cwd = makeFolder(t, { 'app.mjs': APP });
    const args = ['--socket', '127.0.0.1:0', '--module', 'app.mjs'];
    const server = startServer(t, args, { cwd, onlySockets: true });
    await server.ready();
    const port = await server.port();
    const socket = await startNginxWith(t, (path) =>
      replaced(example('nginx/uwsgi.conf'), [
        ['listen 80;', `listen unix:${path};`],
        ['127.0.0.1:3031;', `127.0.0.1:${port};`],
        ['include uwsgi_params;', 'include /etc/nginx/uwsgi_params;'],
      ]),
    );
    assert.match(await answer(socket), /^200 \/cats/);
  });
});

const WITHOUT_HAPROXY =
  spawnSync('haproxy', ['-v']).status === 0 ? false : 'needs the package haproxy';

test(
  'examples/haproxy asks for the health, and tells who the client is by the PROXY protocol',
  {
    skip: WITHOUT_HAPROXY,
  },
  async (t) => {
    const folder = makeFolder(t, { 'app.mjs': APP });
    const text = example('haproxy/haproxy.cfg');
    const [, command = ''] = /^# +tsuwsgi (--http .*)$/m.exec(text) ?? [];
    const args = replaced(command, [
      ['127.0.0.1:8000', '127.0.0.1:0'],
      [' --stats 127.0.0.1:9191', ''],
    ]).split(' ');
    const server = startServer(t, [...args, '--module', 'app.mjs'], { cwd: folder });
    await server.ready();
    const port = await freePort();
    // Another address than that of HAProxy: who the client is, only the PROXY protocol tells.
    // What HAProxy has passed on before it knows of a pause waits with the server, and is given up.
    const client = (): http.RequestOptions => ({
      ...{ host: '127.0.0.1', port, localAddress: '127.0.0.2' },
      signal: AbortSignal.timeout(2000),
    });
    const file = path.join(folder, 'haproxy.cfg');
    writeFileSync(
      file,
      replaced(text, [
        ['bind :80', `bind 127.0.0.1:${port}`],
        ['server shop1 127.0.0.1:8000', `server shop1 127.0.0.1:${await server.port()}`],
        ['port 9191', `port ${await server.statsPort()}`],
      ]),
    );
    const haproxy = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    haproxy.stderr.setEncoding('utf8').on('data', (line: string) => (said += line));
    const { pid = 0 } = haproxy;
    t.after(async () => {
      haproxy.kill('SIGKILL');
      await eventually('HAProxy to be gone', () => !isAlive(pid));
    });
    assert.match(
      await eventually('an answer', () =>
        answer(client()).catch((error: unknown) => {
          throw new Error(`${String(error)} ${said}`);
        }),
      ),
      /^200 \/cats 127\.0\.0\.2$/,
    );
    server.kill('SIGTSTP');
    await eventually('that no requests come while it is not ready', async () =>
      (await answer(client())).startsWith('503'),
    );
    server.kill('SIGCONT');
    await eventually('that they come again', async () =>
      (await answer(client())).startsWith('200'),
    );
  },
);

describe('examples/systemd', () => {
  const UNITS = [
    'tsuwsgi.socket',
    'tsuwsgi.service',
    'tsuwsgi-hardened.service',
    'tsuwsgi@.service',
  ];
  const skip =
    spawnSync('systemd-analyze', ['--version']).status === 0 ? false : 'needs the package systemd';

  test('has units in which systemd finds no fault', { skip }, (t) => {
    const folder = makeFolder(t, {});
    for (const unit of UNITS) {
      const text = example(`systemd/${unit}`).replaceAll('/usr/bin/tsuwsgi', '/bin/true');
      writeFileSync(path.join(folder, unit.replace('@.', '@shop.')), text);
    }
    for (const unit of UNITS) {
      const file = path.join(folder, unit.replace('@.', '@shop.'));
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file]);
      assert.deepEqual([status, String(stderr)], [0, ''], unit);
    }
  });

  test(
    'has services whose command starts, takes the socket and says that it is ready',
    {
      skip: WITHOUT_MANAGER,
    },
    async (t) => {
      const cwd = makeFolder(t, { 'app.js': "export default (req, res) => res.end('meow');\n" });
      writeFileSync(path.join(cwd, 'package.json'), '{"type":"module"}');
      const [, words = ''] =
        /^ExecStart=\/usr\/bin\/tsuwsgi (.*)$/m.exec(example('systemd/tsuwsgi.service')) ?? [];
      assert.ok(example('systemd/tsuwsgi-hardened.service').includes(words), 'the same command');
      const args = replaced(words, [
        ['127.0.0.1:9191', '127.0.0.1:0'],
        ['/srv/shop', cwd],
        ['--processes 4', '--processes 1'],
      ]).split(' ');
      const manager = await startNotifySocket(t, cwd);
      const [, name = ''] =
        /^FileDescriptorName=(.*)$/m.exec(example('systemd/tsuwsgi.socket')) ?? [];
      const server = startServer(t, args, {
        ...{ launcher: passing(`tcp=127.0.0.1=${name}`), stats: false },
        env: { NOTIFY_SOCKET: manager.address },
      });
      await manager.until('READY', '1');
      assert.match(server.output, /http bound on 127\.0\.0\.1:\d+ fd 3/);
    },
  );
});
