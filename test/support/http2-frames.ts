import type { TLSSocket } from 'node:tls';

/** Numbers of frame types (RFC 9113 §6). */
export const FRAME = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const FLAG = { ack: 1, endStream: 1, endHeaders: 4 } as const;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const HEAD = 9;

/** The bytes of one frame. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** GET / at https://a, and further fields, none of them in a table of the connection (RFC 7541). */
export function fieldBlock(fields: readonly (readonly [string, string])[] = []): Buffer {
  // :method GET, :path /, :scheme https of the static table, then :authority by its index there.
  const parts = [Buffer.from([0x82, 0x84, 0x87, 0x01]), text('a')];
  for (const [name, value] of fields) parts.push(Buffer.from([0]), text(name), text(value));
  return Buffer.concat(parts);
}

/** Short texts only, whose length fits into seven bits. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')]);
}

/** A client that sends frames as they are, valid or not. */
export class FrameClient {
  readonly socket: TLSSocket;
  readonly frames: Frame[] = [];
  isClosed = false;
  #rest: Buffer = Buffer.alloc(0);

  /** Over a connection on which h2 was agreed on; it begins with an empty SETTINGS. */
  constructor(socket: TLSSocket) {
    this.socket = socket;
    socket
      .on('data', (bytes: Buffer) => {
        this.#take(bytes);
      })
      .on('close', () => (this.isClosed = true));
    socket.write(PREFACE);
    this.send(frame(FRAME.settings, 0, 0));
  }

  /** False: the server does not read. */
  send(...frames: readonly Buffer[]): boolean {
    return this.socket.write(Buffer.concat(frames));
  }

  get(stream: number, fields: readonly (readonly [string, string])[] = []): boolean {
    return this.send(
      frame(FRAME.headers, FLAG.endStream | FLAG.endHeaders, stream, fieldBlock(fields)),
    );
  }

  /** The code of the first GOAWAY; undefined before it came. */
  get goodbye(): number | undefined {
    return this.frames.find(({ type }) => type === FRAME.goaway)?.payload.readUInt32BE(4);
  }

  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= HEAD) {
      const length = this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < HEAD + length) return;
      this.frames.push({
        type: this.#rest[3] ?? 0,
        flags: this.#rest[4] ?? 0,
        stream: this.#rest.readUInt32BE(5),
        payload: this.#rest.subarray(HEAD, HEAD + length),
      });
      this.#rest = this.#rest.subarray(HEAD + length);
    }
  }
}
