// An application for PM2, as it is: `pm2 start ecosystem.config.cjs`, or `tsuwsgi tsuwsgi.ini`.
const http = require('node:http');

const store = { open: false };

const server = http.createServer((request, response) => {
  if (request.url === '/instance') response.end(`instance ${process.env.NODE_APP_INSTANCE}\n`);
  else response.end(store.open ? 'miaow\n' : 'the store is closed\n');
});

server.listen(process.env.PORT ?? 8000, () => {
  setTimeout(() => {
    store.open = true;
    process.send('ready');
  }, 200);
});

process.on('SIGINT', () => {
  server.close(() => {
    console.log('the store is closed');
    process.exit(0);
  });
});
