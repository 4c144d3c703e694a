import { type Server, Socket } from 'node:net';
import tls from 'node:tls';
import { refusalBytes } from '../http/giving-up.js';
import { endLingering, UwsgiConnection } from './connection.js';
import type { Fault } from './fault.js';
import { createPacketReader, type Packet, type PacketLimits } from './packet.js';
import { readRequest } from './request-head.js';

/** What a uwsgi client answers to "are you there?": uWSGI's own four bytes. */
const PONG = Uint8Array.of(100, 0, 0, 1);

/** How long a client may take for its packet: what Node gives an HTTP client for its head. */
const PACKET_MS = 60_000;

/** What the front tells. */
export interface FrontHooks {
  /** A line for the log. */
  readonly say: (line: string) => void;
  /** A packet was refused, by this answer. */
  readonly onRefused: (fault: Fault, connection: Socket, answer: string) => void;
}

/** Serves the uwsgi protocol by a server that speaks HTTP. */
export interface UwsgiFront {
  /** Takes a connection on which a packet is to come. */
  accept(socket: Socket): void;
  /** Closes the connections on which nothing has come yet; with `all`, also those with half a packet. */
  close(all: boolean): void;
}

/** Requests are given to `server()` as connections of its own, whatever kind of server it is. */
export function createUwsgiFront(
  server: () => Server | null,
  limits: PacketLimits,
  hooks: FrontHooks,
): UwsgiFront {
  /** Connections whose packet is not complete, and whether anything of it has come. */
  const waiting = new Map<Socket, boolean>();
  const tellMagic = magicTeller(hooks.say);
  const refuse = (socket: Socket, fault: Fault): void => {
    const { reason, remedy } = fault;
    const answer = refusalBytes(fault);
    hooks.onRefused(fault, socket, answer);
    hooks.say(`refused on a uwsgi socket: ${reason}${remedy === undefined ? '' : ` (${remedy})`}`);
    endLingering(socket, answer);
  };
  const serve = (socket: Socket, packet: Packet): void => {
    if (packet.kind === 'ping') {
      endLingering(socket, PONG);
      return;
    }
    const request = readRequest(packet.variables);
    if (!request.ok) {
      refuse(socket, request.error);
      return;
    }
    tellMagic(request.value.magic);
    hand(server(), new UwsgiConnection(socket, request.value, packet.rest));
  };
  return {
    accept(socket) {
      const reader = createPacketReader(limits);
      const timer = setTimeout(() => socket.destroy(), PACKET_MS).unref();
      const leave = (): void => {
        clearTimeout(timer);
        waiting.delete(socket);
        socket.off('data', read).off('end', end).off('close', leave);
      };
      const end = (): void => {
        socket.destroy();
      };
      const read = (chunk: Buffer): void => {
        waiting.set(socket, true);
        const packet = reader.push(chunk);
        if (packet === null) return;
        leave();
        if (packet.ok) serve(socket, packet.value);
        else refuse(socket, packet.error);
      };
      waiting.set(socket, false);
      socket.on('error', () => undefined);
      socket.on('data', read).on('end', end).on('close', leave);
    },
    close(all) {
      for (const [socket, hasBegun] of waiting) if (all || !hasBegun) socket.destroy();
    },
  };
}

/** Tells of each magic variable once. */
function magicTeller(say: (line: string) => void): (names: readonly string[]) => void {
  const told = new Set<string>();
  return (names) => {
    for (const name of names) {
      if (told.has(name)) continue;
      told.add(name);
      say(
        `the variable ${name} of the uwsgi protocol is ignored: what is run is said by --module alone`,
      );
    }
  };
}

/** The event by which a server gets a connection on which HTTP is spoken in the clear. */
function hand(server: Server | null, connection: UwsgiConnection): void {
  server?.emit(server instanceof tls.Server ? 'secureConnection' : 'connection', connection);
}

/**
 * Puts the front before a server that accepts on a uwsgi socket itself, as one does whose
 * application calls `listen()` where there is no HTTP socket.
 */
export function standBefore(server: Server, front: UwsgiFront): void {
  const emit = server.emit.bind(server) as (event: string | symbol, ...args: unknown[]) => boolean;
  server.emit = (event: string | symbol, ...args: unknown[]) => {
    const [connection] = args;
    if (event !== 'connection' || !isAcceptedBy(server, connection)) return emit(event, ...args);
    front.accept(connection);
    return true;
  };
}

/** Connections of other sockets are handed to a server too, and are not what its own socket speaks. */
function isAcceptedBy(server: Server, connection: unknown): connection is Socket {
  return connection instanceof Socket && Reflect.get(connection, 'server') === server;
}
