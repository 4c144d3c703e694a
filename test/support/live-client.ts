import type { TestContext } from 'node:test';
import { WebSocket, type ClientOptions } from 'ws';
import { patch, type Json } from '../../shared/delta.js';
import type { ClientMessage, HelloMessage, ServerMessage } from '../../shared/protocol.js';

/** A plain client of `/live` that keeps what it was sent. */
export interface LiveClient {
  readonly socket: WebSocket;
  readonly hello: HelloMessage;
  readonly received: readonly ServerMessage[];
  /** The document as the stream has it now. */
  document(): Json;
  send(message: ClientMessage): void;
  /** The first message of a type that arrives after those that were taken. */
  take<T extends ServerMessage['type']>(type: T): Promise<Extract<ServerMessage, { type: T }>>;
  /** The close code, when the connection ends. */
  readonly closed: Promise<number>;
}

/** Opens the stream and waits for the hello; refused upgrades reject with Node's message. */
export async function openLive(
  t: TestContext,
  url: string,
  options: ClientOptions = {},
): Promise<LiveClient> {
  const socket = new WebSocket(url, options);
  t.after(() => {
    socket.terminate();
  });
  const received: ServerMessage[] = [];
  const taken = new Set<ServerMessage>();
  let document: Json = null;
  let onMessage = (): void => undefined;
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      resolve(code);
      onMessage();
    });
  });
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ServerMessage;
    if (message.type === 'snapshot') document = JSON.parse(JSON.stringify(message.stats)) as Json;
    if (message.type === 'delta') document = patch(document, message.delta);
    received.push(message);
    onMessage();
  });
  const take = async <T extends ServerMessage['type']>(type: T) => {
    for (;;) {
      const found = received.find(
        (message): message is Extract<ServerMessage, { type: T }> =>
          message.type === type && !taken.has(message),
      );
      if (found) {
        taken.add(found);
        return found;
      }
      if (socket.readyState === socket.CLOSED) throw new Error(`closed before a ${type} came`);
      await new Promise<void>((resolve) => {
        onMessage = resolve;
      });
    }
  };
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve).once('error', reject);
  });
  socket.on('error', () => undefined);
  const hello = await take('hello');
  return {
    socket,
    hello,
    received,
    document: () => document,
    send: (message) => {
      socket.send(JSON.stringify(message));
    },
    take,
    closed,
  };
}
