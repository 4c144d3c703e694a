// The other baseline: node:cluster with its default, round-robin, and one worker.
import cluster from 'node:cluster';
import http from 'node:http';
import hello from './hello.js';

if (cluster.isPrimary) {
  const worker = cluster.fork();
  cluster.once('listening', (_worker, { port }) =>
    process.stdout.write(`ready ${port} ${worker.process.pid}\n`),
  );
} else {
  http.createServer(hello).listen({ port: 0, host: '127.0.0.1' });
}
