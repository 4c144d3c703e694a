import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { ForeignBackend } from '../../server/router/foreign.js';
import { createPacketReader } from '../../server/uwsgi/packet.js';
import { makeFolder } from './folder.js';

/** A request as a back end of the uwsgi protocol had it. */
export interface PacketSeen {
  readonly variables: Readonly<Record<string, string>>;
  /** Bytes of the body, and what they are known by. */
  readonly bytes: number;
  readonly digest: string;
}

export interface UwsgiBackEnd {
  readonly socket: string;
  readonly backend: ForeignBackend;
  /** Requests whose bodies came as long as they were announced. */
  readonly seen: PacketSeen[];
  /** Those that broke off before that. */
  readonly broken: number[];
}

/** What a body is known by. */
export const digestOf = (body: Buffer | string): string =>
  createHash('sha256').update(body).digest('hex');

/** A back end that takes packets, and answers each with how many bytes its body had. */
export async function startUwsgiBackEnd(t: TestContext): Promise<UwsgiBackEnd> {
  const socket = path.join(makeFolder(t, {}), 'back.sock');
  const [seen, broken]: [PacketSeen[], number[]] = [[], []];
  const open = new Set<net.Socket>();
  const server = net.createServer((connection) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
    serve(connection, seen, broken);
  });
  server.listen(socket);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const connection of open) connection.destroy();
  });
  const backend: ForeignBackend = {
    ...{ name: `uwsgi://${socket}`, protocol: 'uwsgi' },
    at: { kind: 'unix', path: socket },
  };
  return { socket, backend, seen, broken };
}

function serve(connection: net.Socket, seen: PacketSeen[], broken: number[]): void {
  const reader = createPacketReader({ bufferSize: 65_535, maxVars: 200 });
  const hash = createHash('sha256');
  let variables: Record<string, string> | null = null;
  let bytes = 0;
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    hash.update(chunk);
    if (variables === null || bytes < Number(variables['CONTENT_LENGTH'] ?? 0)) return;
    seen.push({ variables, bytes, digest: hash.digest('hex') });
    connection.off('data', onData).end(`HTTP/1.1 200 OK\r\n\r\n${bytes}`);
  };
  const onData = (chunk: Buffer): void => {
    if (variables !== null) {
      take(chunk);
      return;
    }
    const read = reader.push(chunk);
    if (read?.ok !== true || read.value.kind !== 'request') return;
    variables = Object.fromEntries(read.value.variables);
    take(read.value.rest);
  };
  connection.on('data', onData).on('error', () => undefined);
  connection.once('close', () => {
    if (!connection.writableEnded) broken.push(bytes);
  });
}
