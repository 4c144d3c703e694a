// What stands beside `--https`: Node's own HTTP/2 with TLS, which answers itself (`bare CERT KEY`), or
// asks a node:http server on a unix socket in HTTP/1.1, as a router does (`proxy CERT KEY PATH`).
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import hello from './hello.js';

const [role, cert, key, socketPath] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const hop = new Set(['connection', 'keep-alive', 'transfer-encoding']);

const proxy = (request, response) => {
  const { method, url: path, headers, authority, socket } = request;
  const fields = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
  const passed = {
    ...Object.fromEntries(fields),
    ...{ host: authority, 'x-forwarded-for': socket.remoteAddress, 'x-forwarded-proto': 'https' },
  };
  const asked = http.request({ method, path, socketPath, agent, headers: passed }, (answer) => {
    const told = Object.entries(answer.headers).filter(([name]) => !hop.has(name));
    response.writeHead(answer.statusCode, Object.fromEntries(told));
    answer.pipe(response);
  });
  asked.once('error', () => response.writeHead(502).end());
  request.pipe(asked);
};

const credentials = { cert: readFileSync(cert), key: readFileSync(key) };
const server = http2.createSecureServer(credentials, role === 'bare' ? hello : proxy);
server.listen({ port: 0, host: '127.0.0.1', backlog: 511 }, () => {
  process.stdout.write(`ready ${server.address().port}\n`);
});
