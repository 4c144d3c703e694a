// An application for node:cluster, as it is: `node server.mjs`, or `tsuwsgi --module server.mjs -p 4`.
import cluster from 'node:cluster';
import http from 'node:http';
import { availableParallelism } from 'node:os';

if (cluster.isPrimary) {
  for (let i = 0; i < availableParallelism(); i++) cluster.fork();
  cluster.on('exit', (worker, code) => {
    console.error(`worker ${worker.id} ended with ${code}: another one takes its place`);
    cluster.fork();
  });
  cluster.on('message', (worker, message) => {
    if (message.served) console.log(`worker ${worker.id} has served ${message.served} requests`);
  });
} else {
  let served = 0;
  http
    .createServer((_request, response) => {
      served++;
      process.send({ served });
      response.end(`miaow from worker ${cluster.worker.id}\n`);
    })
    .listen(process.env.PORT ?? 8000);
}
