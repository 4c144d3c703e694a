// What stands before Node elsewhere: the plainest proxy that undici makes, and a node:http server
// behind it on a unix socket. `proxy.js behind PATH` is the latter.
import http from 'node:http';
import { Pool } from 'undici';
import hello from './hello.js';

const [role, socketPath] = process.argv.slice(2);
if (role === 'behind') {
  http.createServer(hello).listen(socketPath, () => process.stdout.write('ready\n'));
} else {
  const pool = new Pool('http://behind', { socketPath, connections: 64 });
  const hop = new Set(['connection', 'keep-alive', 'transfer-encoding']);
  const server = http.createServer((request, response) => {
    const { method, url: path, headers, socket } = request;
    const passed = { ...headers, 'x-forwarded-for': socket.remoteAddress };
    for (const name of hop) delete passed[name];
    const body = method === 'GET' || method === 'HEAD' ? null : request;
    pool.request({ method, path, headers: passed, body }).then(
      (answer) => {
        for (const name of hop) delete answer.headers[name];
        response.writeHead(answer.statusCode, answer.headers);
        answer.body.pipe(response);
      },
      () => response.writeHead(502).end(),
    );
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 511 }, () => {
    process.stdout.write(`ready ${server.address().port}\n`);
  });
}
