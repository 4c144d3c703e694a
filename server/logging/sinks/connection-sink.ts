import net from 'node:net';
import type { LogBlock } from '../block.js';
import type { Framing } from '../syslog.js';
import { createOutbox, type Outbox } from './outbox.js';
import { PARTING_MS, type Sink, type SinkCounts, type Tell } from './sink.js';

const AGAIN_MS = 1000;
/** How much is handed to a connection before what it took is waited for. */
const AT_ONCE = 256 * 1024;

/** Where to connect, and how lines look on the way. */
export interface ConnectionTarget {
  readonly to: net.NetConnectOpts;
  /** What a connection begins with. */
  readonly header: Buffer | null;
  readonly framing: Framing;
}

/**
 * A sink on a connection that is made again when it ends. Meanwhile lines wait, as many as have room.
 * What the kernel had taken of a connection that broke may be lost without anybody knowing.
 */
export function connectionSink(name: string, target: ConnectionTarget, tell: Tell): Sink {
  return new ConnectionSink(name, target, tell);
}

class ConnectionSink implements Sink {
  readonly name: string;
  readonly #target: ConnectionTarget;
  readonly #tell: Tell;
  readonly #box: Outbox = createOutbox();
  #socket: net.Socket;
  #isOpen = false;
  #isFailing = false;
  #isClosing = false;
  /** Bytes that the socket has not handed on yet. */
  #underWay = 0;
  #onIdle: () => void = () => undefined;

  constructor(name: string, target: ConnectionTarget, tell: Tell) {
    this.name = name;
    this.#target = target;
    this.#tell = tell;
    this.#socket = this.#connect();
  }

  write(block: LogBlock): void {
    this.#box.put(framed(block, this.#target.framing), block.lines);
    this.#pump();
  }

  counts(): SinkCounts {
    return this.#box.counts();
  }

  /** Nothing to open anew. */
  reopen(): void {
    return;
  }

  /** Nothing to move away. */
  rotate(): void {
    return;
  }

  /** It has none to give back. */
  release(): void {
    return;
  }

  async close(): Promise<void> {
    if (!this.#isFailing && (!this.#box.isEmpty || this.#underWay > 0)) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        setTimeout(resolve, PARTING_MS).unref();
      });
    }
    this.#isClosing = true;
    await new Promise<void>((resolve) => {
      this.#socket.end(resolve);
      setTimeout(resolve, this.#isOpen ? PARTING_MS : 0).unref();
    });
    this.#socket.destroy();
  }

  #connect(): net.Socket {
    const socket = net.connect(this.#target.to);
    socket.unref();
    // What the other side says is of no interest; its end is.
    socket.resume();
    socket.once('connect', () => {
      this.#onConnect(socket);
    });
    let why = 'the other side has closed the connection';
    socket.on('error', (error) => (why = error.message));
    socket.once('close', () => {
      this.#onClose(why);
    });
    return socket;
  }

  #onConnect(socket: net.Socket): void {
    this.#isOpen = true;
    if (this.#target.header !== null) socket.write(this.#target.header);
    const dropped = this.#box.takeDropped();
    if (dropped > 0) this.#tell(`${this.name}: ${dropped} lines were dropped`, 'error');
    if (this.#isFailing) this.#tell(`${this.name} is written again`, 'info');
    this.#isFailing = false;
    this.#pump();
  }

  #onClose(why: string): void {
    this.#isOpen = false;
    this.#underWay = 0;
    if (this.#isClosing) return;
    if (!this.#isFailing) {
      this.#tell(`${this.name}: ${why}; what has no room is dropped and counted`, 'error');
    }
    this.#isFailing = true;
    this.#onIdle();
    setTimeout(() => (this.#socket = this.#connect()), AGAIN_MS).unref();
  }

  #pump(): void {
    const socket = this.#socket;
    while (this.#isOpen && this.#underWay < AT_ONCE) {
      const bytes = this.#box.next();
      if (bytes === null) break;
      this.#box.wrote();
      this.#underWay += bytes.length;
      socket.write(bytes, () => {
        if (socket !== this.#socket || !this.#isOpen) return;
        this.#underWay -= bytes.length;
        this.#pump();
      });
    }
    if (this.#box.isEmpty && this.#underWay === 0) this.#onIdle();
  }
}

function framed({ data, severity, at }: LogBlock, framing: Framing): Buffer {
  const lines = data.toString('utf8').slice(0, -1).split('\n');
  return Buffer.concat(lines.map((line) => framing(line, { severity, at })));
}
