// The baseline of static files: @fastify/send in a plain node:http server on an inherited socket.
import http from 'node:http';
import send from '@fastify/send';

const [, , root] = process.argv;

http
  .createServer(async (request, response) => {
    const { statusCode, headers, stream } = await send(request, request.url, { root });
    response.writeHead(statusCode, headers);
    stream.pipe(response);
  })
  .listen({ fd: 3, backlog: 511 }, () => process.stdout.write('ready\n'));
