import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { CATSERVE, isAlive, startServer } from '../support/server.js';
import { passing, WITHOUT_MANAGER } from '../support/service-manager.js';
import { startUpgradable } from '../support/upgrades.js';

const ARGS = ['--module', CATSERVE, '--disable-logging'];

/** The first line that is answered on a unix socket. */
function ask(socket: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = net.connect(socket, () => {
      connection.write('GET / HTTP/1.0\r\n\r\n');
    });
    let text = '';
    connection.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    connection.on('error', reject);
    connection.on('close', () => {
      resolve(text.split('\r\n')[0] ?? '');
    });
  });
}

describe('sockets that are passed', { skip: WITHOUT_MANAGER }, () => {
  test('are served by workers, routers and the stats server, over a reload and an upgrade', async (t) => {
    const folder = makeFolder(t, {});
    const file = path.join(folder, 'web.sock');
    const args = [
      ...[...ARGS, '--http-socket', 'fd://web', '--http-socket', file],
      ...['--http', 'fd://5', '--stats', 'fd://stats'],
    ];
    const launcher = passing(
      ...['tcp=127.0.0.1=web', `unix=${file}=`, 'tcp6=::1=v6', 'tcp=127.0.0.1=stats'],
    );
    const settings = { launcher, stats: false };
    const { server, upgrade, end } = startUpgradable(t, args, settings);
    const [, routed] = await server.logged(/http bound on \[::1\]:(\d+) fd 5/);
    const [, direct] = await server.logged(/socket 0 bound to TCP address 127\.0\.0\.1:(\d+) fd 3/);
    await server.ready();
    const answers = async (): Promise<unknown[]> => [
      (await get(`http://127.0.0.1:${direct!}/`)).status,
      await ask(file),
      (await get(`http://[::1]:${routed!}/`)).status,
    ];
    const served = [200, 'HTTP/1.1 200 OK', 200];
    assert.deepEqual(await answers(), served);
    server.kill('SIGHUP');
    await server.until('a reload', ({ reload }) => reload.state === 'done');
    assert.deepEqual(await answers(), served);
    const successor = await upgrade(server.pid);
    await eventually('the end of the old master', () => !isAlive(server.pid));
    assert.deepEqual(await answers(), served);
    await end(successor);
    assert.ok(existsSync(file), 'the socket’s file is the service manager’s');
  });

  test('and are wanted by nobody are closed, with a warning', async (t) => {
    const server = startServer(t, [...ARGS, '--http-socket', 'fd://web'], {
      launcher: passing('tcp=127.0.0.1=web', 'tcp=127.0.0.1=old', 'datagram=127.0.0.1=log'),
    });
    const [, port] = await server.logged(
      /the passed socket fd:\/\/old \(descriptor 4, 127\.0\.0\.1:(\d+)\) is closed, since no option asks for it/,
    );
    await server.logged(/the passed descriptor fd:\/\/log cannot be served: .*; it is closed/);
    assert.equal((await get(await server.url())).status, 200);
    await assert.rejects(get(`http://127.0.0.1:${port!}/`), /ECONNREFUSED/);
  });

  test('and are no listening streams end the start when an option asks for them', async (t) => {
    const server = startServer(t, [...ARGS, '--http-socket', 'fd://log'], {
      launcher: passing('datagram=127.0.0.1=log'),
    });
    assert.equal(await server.exited(), 1);
    assert.match(
      server.output,
      /--http-socket fd:\/\/log: the passed descriptor fd:\/\/log cannot be served/,
    );
  });
});

test('a socket that was not passed ends the start, with the remedy', async (t) => {
  const server = startServer(t, [...ARGS, '--http-socket', 'fd://web']);
  assert.equal(await server.exited(), 1);
  assert.match(
    server.output,
    /--http-socket fd:\/\/web: no socket was passed to this process \(LISTEN_FDS is not set\)/,
  );
});
