import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A statsd server of a test: it adds up counters and keeps the last value of gauges. */
export interface StatsdServer extends AsyncDisposable {
  readonly port: number;
  readonly counters: Map<string, number>;
  readonly gauges: Map<string, number>;
  /** The length of each datagram in bytes. */
  readonly lengths: number[];
}

/** Listens on a port of loopback, by default one of the kernel's choice. */
export async function statsdServer(port = 0): Promise<StatsdServer> {
  const socket = createSocket('udp4');
  const counters = new Map<string, number>();
  const gauges = new Map<string, number>();
  const lengths: number[] = [];
  socket.on('message', (message) => {
    lengths.push(message.length);
    for (const line of message.toString().split('\n')) {
      const [, name = '', value = '', kind] = /^([\w.-]+):([\d.e+-]+)\|([cg])$/.exec(line) ?? [];
      if (kind === 'c') counters.set(name, (counters.get(name) ?? 0) + Number(value));
      else if (kind === 'g') gauges.set(name, Number(value));
      else throw new Error(`this is not statsd: ${line}`);
    }
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    counters,
    gauges,
    lengths,
    [Symbol.asyncDispose]: () => closed(socket),
  };
}

async function closed(socket: Socket): Promise<void> {
  socket.close();
  await once(socket, 'close');
}
