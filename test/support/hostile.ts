import { once } from 'node:events';
import net from 'node:net';

/** Asks for the stream; `extensions` is what a browser would offer. */
export const UPGRADE = (extensions = ''): string =>
  'GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
  `${extensions === '' ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`}\r\n`;

export interface FrameShape {
  readonly opcode: number;
  readonly final?: boolean;
  /** Says that the payload is compressed. */
  readonly rsv1?: boolean;
}

/** A frame of a client (RFC 6455 §5.2), under the mask of zeros, which leaves the payload as it is. */
export function frame({ opcode, final = true, rsv1 = false }: FrameShape, payload = ''): Buffer {
  const body = Buffer.from(payload, 'latin1');
  const first = (final ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode;
  const mask = Buffer.alloc(4);
  if (body.length < 126) return Buffer.concat([Buffer.of(first, 0x80 | body.length), mask, body]);
  const head = Buffer.of(first, 0xff, 0, 0, 0, 0, 0, 0, 0, 0);
  head.writeUInt32BE(body.length, 6);
  return Buffer.concat([head, mask, body]);
}

/** A connection whose end, in whatever way it comes, can be waited for. */
export class Stranger {
  readonly socket: net.Socket;
  readonly closed: Promise<void>;
  #received: Buffer[] = [];
  #onData = (): void => undefined;

  constructor(port: number) {
    this.socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: Buffer) => {
      this.#received.push(chunk);
      this.#onData();
    });
    // The other side has said all it will: nothing is gained by lingering.
    this.socket.once('end', () => this.socket.end());
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        resolve();
        this.#onData();
      });
    });
  }

  static async connect(port: number): Promise<Stranger> {
    const stranger = new Stranger(port);
    await Promise.race([once(stranger.socket, 'connect'), stranger.closed]);
    return stranger;
  }

  /** Everything that came so far, a character for each byte. */
  get text(): string {
    return Buffer.concat(this.#received).toString('latin1');
  }

  send(bytes: string | Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** Waits until what came matches; fails when the connection ends before. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.text)) {
      if (this.socket.destroyed) throw new Error(`it ended after ${this.text.slice(0, 200)}`);
      await new Promise<void>((resolve) => (this.#onData = resolve));
    }
  }

  /** The code of the close frame that came last, or null: 1002 protocol, 1008 policy, 1009 size. */
  get closeCode(): number | null {
    const bytes = Buffer.concat(this.#received);
    for (let at = bytes.length - 4; at >= 0; at--) {
      const length = bytes[at + 1] ?? 0;
      if (bytes[at] === 0x88 && at + 2 + length === bytes.length) return bytes.readUInt16BE(at + 2);
    }
    return null;
  }
}
