import type { IncomingMessage } from 'node:http';
import type { Books } from './books.js';
import { accountOf, type Connection } from './connection.js';
import { asksForWebSocket } from './websocket-frames.js';
import { prepareUpgradeLine } from './upgrade-line.js';
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
  const startedAt = hooks.now();
  const line = hooks.log === null ? null : prepareUpgradeLine(request, socket, account);
  upgraded.set(socket, farewellTo(request, socket));
  traffic.follow(socket, account);
  socket.on('close', () => {
    counters.add('upgraded', -1);
    upgraded.delete(socket);
    // Its bytes are counted by now: that is done where the socket is destroyed.
    if (line !== null) hooks.log?.request(line((hooks.now() - startedAt) * 1000));
    hooks.onEnd();
  });
}

function farewellTo({ method, headers }: IncomingMessage, socket: Connection): () => void {
  if (method === 'GET' && asksForWebSocket(headers.upgrade)) return prepareGoingAway(socket);
  return () => {
    socket.destroySoon();
  };
}
