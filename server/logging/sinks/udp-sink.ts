import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { messageOf } from '../../../shared/result.js';
import type { LogBlock } from '../block.js';
import type { Framing } from '../syslog.js';
import { MOST_WAITING, PARTING_MS, type Sink, type SinkCounts, type Tell } from './sink.js';

/** The most that IPv4 carries in a datagram. */
const LARGEST = 65_507;
/** How long after a failure the host is looked up again, milliseconds. */
const AGAIN_MS = 5000;
/** A refusal arrives after the datagram counted as sent: all is well after so long without one. */
const WELL_MS = 10_000;
/** Blocks that wait for the first look-up. */
const MOST_EARLY = 1000;

/** Where datagrams go, and how lines look in them. */
export interface UdpTarget {
  readonly host: string;
  readonly port: number;
  readonly framing: Framing;
}

/**
 * A sink that sends a datagram a line, to whom it may concern: nobody says whether one arrived, but
 * what the kernel tells of refusals is counted as dropped, and said once until there are none.
 */
export function udpSink(name: string, target: UdpTarget, tell: Tell): Sink {
  return new UdpSink(name, target, tell);
}

class UdpSink implements Sink {
  readonly name: string;
  readonly #target: UdpTarget;
  readonly #tell: Tell;
  readonly #counts = { lines: 0, bytes: 0, dropped: 0 };
  #socket: Socket | null = null;
  #early: LogBlock[] = [];
  #isFailing = false;
  #failedAt = 0;
  #retry: NodeJS.Timeout | null = null;
  /** Datagrams that the kernel has not taken yet. */
  #underWay = 0;
  #onIdle: () => void = () => undefined;

  constructor(name: string, target: UdpTarget, tell: Tell) {
    this.name = name;
    this.#target = target;
    this.#tell = tell;
    void this.#connect();
  }

  write(block: LogBlock): void {
    if (this.#socket !== null) this.#send(this.#socket, block);
    else if (this.#early.length < MOST_EARLY) this.#early.push(block);
    else this.#failed('it is not known where to send', block.lines);
  }

  counts(): SinkCounts {
    return { ...this.#counts };
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
    if (this.#underWay > 0 || this.#early.length > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        setTimeout(resolve, PARTING_MS).unref();
      });
    }
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#socket?.close();
  }

  async #connect(): Promise<void> {
    try {
      const socket = await connected(this.#target, (error) => {
        this.#refused(error);
      });
      this.#socket = socket;
      for (const block of this.#early.splice(0)) this.#send(socket, block);
    } catch (error) {
      const lost = this.#early.splice(0).reduce((sum, { lines }) => sum + lines, 0);
      this.#failed(messageOf(error), lost);
      this.#onIdle();
      this.#retry = setTimeout(() => void this.#connect(), AGAIN_MS).unref();
    }
  }

  #send(socket: Socket, { data, severity, at }: LogBlock): void {
    for (const line of data.toString('utf8').slice(0, -1).split('\n')) {
      const message = this.#target.framing(line, { severity, at }).subarray(0, LARGEST);
      if (socket.getSendQueueSize() + message.length > MOST_WAITING) {
        this.#failed('too much waits to be sent', 1);
        continue;
      }
      this.#underWay++;
      socket.send(message, (error) => {
        this.#underWay--;
        if (error === null) this.#sent(message.length);
        else this.#failed(messageOf(error), 1);
        if (this.#underWay === 0) this.#onIdle();
      });
    }
  }

  #sent(bytes: number): void {
    if (performance.now() - this.#failedAt > WELL_MS) this.#isFailing = false;
    this.#counts.lines++;
    this.#counts.bytes += bytes;
  }

  /** Which datagram it was is not told, only that there was one. */
  #refused(error: Error): void {
    this.#counts.lines = Math.max(0, this.#counts.lines - 1);
    this.#failed(error.message, 1);
  }

  #failed(why: string, lines: number): void {
    this.#counts.dropped += lines;
    this.#failedAt = performance.now();
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#tell(`${this.name}: ${why}; what does not arrive is dropped`, 'error');
  }
}

/** A connected socket hears it when nobody listens at the other end. */
async function connected(
  { host, port }: UdpTarget,
  onRefusal: (error: Error) => void,
): Promise<Socket> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  socket.unref();
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(port, address, () => {
      resolve();
    });
  });
  socket.removeAllListeners('error');
  socket.on('error', onRefusal);
  return socket;
}
