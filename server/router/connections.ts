import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { certificateLines } from './client-certificate.js';
import { type Peer, plainAddress } from './forwarded.js';
import { createTrust } from '../http/trust.js';

/** The connections of clients: who they are, and what went over them. */
export class Connections {
  readonly #open = new Set<net.Socket>();
  readonly #peers = new WeakMap<Duplex, Peer>();
  readonly #isTrusted: (address: string) => boolean;
  /** Of those that are closed. */
  #rx = 0;
  #tx = 0;

  constructor(trusted: readonly string[]) {
    this.#isTrusted = createTrust(trusted);
  }

  /** Counts a connection until it closes. */
  follow(socket: net.Socket): void {
    if (this.#open.has(socket)) return;
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#rx += socket.bytesRead;
      this.#tx += socket.bytesWritten;
    });
  }

  /** Who is at the other end. */
  peer(socket: net.Socket): Peer {
    let peer = this.#peers.get(socket);
    if (peer === undefined) {
      const address = plainAddress(socket.remoteAddress ?? '');
      peer = {
        address,
        isTrusted: this.#isTrusted(address),
        port: socket.remotePort,
        localPort: socket.localPort,
        isEncrypted: socket instanceof TLSSocket,
        certificate: socket instanceof TLSSocket ? certificateLines(socket) : '',
      };
      this.#peers.set(socket, peer);
    }
    return peer;
  }

  /** Breaks all of them. */
  close(): void {
    for (const socket of this.#open) socket.destroy();
  }

  figures(): { readonly connections: number; readonly rx: number; readonly tx: number } {
    let [rx, tx] = [this.#rx, this.#tx];
    for (const socket of this.#open) {
      rx += socket.bytesRead;
      tx += socket.bytesWritten;
    }
    return { connections: this.#open.size, rx, tx };
  }
}
