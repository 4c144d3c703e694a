import type { IncomingMessage } from 'node:http';
import type { Books } from './books.js';
import { accountOf, type Connection } from './connection.js';
import { asksForWebSocket } from './websocket-frames.js';
import { prepareGoingAway } from './websocket-farewell.js';

/** The exchange is over once the protocol is switched; what follows is a connection, not a request. */
export function onUpgrade(
  books: Books,
  request: IncomingMessage,
  socket: Connection,
  isAdmitted: boolean,
): void {
  const { counters, hooks, traffic, upgraded } = books;
  counters.add('requests', 1);
  const account = accountOf(socket, books.owner);
  if (!isAdmitted) return;
  counters.add('upgraded', 1);
  upgraded.set(socket, farewellTo(request, socket));
  traffic.follow(socket, account);
  socket.on('close', () => {
    counters.add('upgraded', -1);
    upgraded.delete(socket);
    hooks.onEnd();
  });
}

function farewellTo({ method, headers }: IncomingMessage, socket: Connection): () => void {
  if (method === 'GET' && asksForWebSocket(headers.upgrade)) return prepareGoingAway(socket);
  return () => {
    socket.destroySoon();
  };
}
