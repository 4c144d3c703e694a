// What stands before Node elsewhere: the plainest proxy that undici makes, and a node:http server
// behind it on a unix socket. `proxy.js behind PATH` is the latter, and `proxy.js pipe PATH` the least
// that a Node process can do between the two: it passes on what comes over connections that it keeps.
import http from 'node:http';
import net from 'node:net';
import { Pool } from 'undici';
import hello from './hello.js';

const [role, socketPath] = process.argv.slice(2);
if (role === 'behind') {
  http.createServer(hello).listen(socketPath, () => process.stdout.write('ready\n'));
} else if (role === 'pipe') {
  const idle = [];
  const connect = () => {
    const behind = net.connect({ path: socketPath });
    return behind.on('data', (bytes) => {
      const { client, closes } = behind;
      idle.push(behind);
      client.write(bytes);
      if (closes) client.destroySoon();
    });
  };
  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    client
      .on('error', () => undefined)
      .on('end', () => client.end())
      .on('data', (bytes) => {
        const asked = bytes.toString('latin1');
        const passed = asked.replace('Connection: close\r\n', '');
        const behind = Object.assign(idle.pop() ?? connect(), { client });
        behind.closes = passed !== asked;
        behind.write(passed, 'latin1');
      });
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 511 }, () => {
    process.stdout.write(`ready ${server.address().port}\n`);
  });
} else {
  const pool = new Pool('http://behind', { socketPath, connections: 64 });
  const hop = new Set(['connection', 'keep-alive', 'transfer-encoding']);
  const withoutHop = (fields) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !hop.has(name)));
  const server = http.createServer((request, response) => {
    const { method, url: path, headers, socket } = request;
    const passed = { ...withoutHop(headers), 'x-forwarded-for': socket.remoteAddress };
    const body = method === 'GET' || method === 'HEAD' ? null : request;
    pool.request({ method, path, headers: passed, body }).then(
      (answer) => {
        response.writeHead(answer.statusCode, withoutHop(answer.headers));
        answer.body.pipe(response);
      },
      () => response.writeHead(502).end(),
    );
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 511 }, () => {
    process.stdout.write(`ready ${server.address().port}\n`);
  });
}
