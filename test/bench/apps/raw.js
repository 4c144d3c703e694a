// The least that Node can do for a silent reader: so many bytes and the end, from one net.Server.
import net from 'node:net';

const document = Buffer.alloc(Number(process.argv[2]), 'a');
const server = net.createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.end(document);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.stdout.write(`ready ${server.address().port}\n`);
});
