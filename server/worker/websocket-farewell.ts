import type { Socket } from 'node:net';
import { createFrameFollower } from './websocket-frames.js';

/** RFC 6455 §7.4.1: the endpoint is going away, such as a server that goes down. */
const GOING_AWAY = Uint8Array.of(0x88, 0x02, 1001 >> 8, 1001 & 0xff);

/**
 * Prepares to close a WebSocket that the application is about to accept on `socket`; the returned
 * function does it, with code 1001, once. What it sends may stand between two frames only, and only
 * after the 101 of the handshake. So everything that is written to the socket is followed, from now
 * on, whichever library or proxy writes it, and the close frame waits for the next such place. After
 * it nothing is asked of the application: the client answers with a close frame of its own, which
 * ends the connection as any client's would. Where the application sends its own, this is not sent.
 *
 * It relies on everything being written with `write`; what goes past it (a handle of its own) is
 * not seen, and an application that does so must close its connections itself.
 */
export function prepareGoingAway(socket: Socket): () => void {
  const follower = createFrameFollower();
  let wanted = false;
  let sent = false;
  const original = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  const send = (): void => {
    if (!wanted || sent || !follower.mayClose() || !socket.writable) return;
    sent = true;
    original(GOING_AWAY);
  };
  const write = (...args: unknown[]): boolean => {
    const [chunk, encoding] = args;
    if (!sent) follower.push(bytesOf(chunk, encoding));
    const taken = original(...args);
    send();
    return taken;
  };
  Reflect.set(socket, 'write', write);
  return () => {
    wanted = true;
    send();
  };
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array {
  if (typeof chunk !== 'string') return chunk instanceof Uint8Array ? chunk : new Uint8Array();
  return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
}
