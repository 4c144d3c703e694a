// The baseline: a plain node:http server on an inherited socket, nothing else in the process.
import http from 'node:http';
import hello from './hello.js';

http.createServer(hello).listen({ fd: 3, backlog: 511 }, () => process.stdout.write('ready\n'));
