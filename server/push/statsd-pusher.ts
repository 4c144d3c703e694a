import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../../shared/result.js';
import type { Log } from '../log.js';
import {
  type Datagram,
  datagrams,
  NOTHING_TOLD,
  tell,
  type Told,
} from '../metrics/statsd/lines.js';
import type { PushTarget } from '../options/stats-push.js';
import { outage, type Pusher } from './pusher.js';

type StatsdTarget = Extract<PushTarget, { kind: 'statsd' }>;

/**
 * Tells a statsd server by UDP. Nobody says that a datagram has arrived, but the kernel tells when
 * there was nobody to take it: on a connected socket, and often only after it was sent. So a socket
 * is kept until the next push, and what was refused on it counts as not told. Each push has a socket
 * and a name look-up of its own: a server that moves is found again.
 */
export function statsdPusher(target: StatsdTarget, log: Log): Pusher {
  const trouble = outage(target.text, log);
  let told: Told = NOTHING_TOLD;
  let last: Sending | null = null;
  /** Ends the last push: what nobody has refused until now was taken. */
  const close = (): void => {
    if (last?.state === 'sent') trouble.worked();
    last?.socket?.close();
    last = null;
  };
  return {
    async push(source) {
      const role = source.role();
      if (role === 'waits') return;
      // A refusal that is on its way is heard first, also when the loop was busy until now.
      await nextTurn();
      close();
      const document = source.own();
      const options = { prefix: target.prefix, withGauges: role === 'leads' };
      const all = datagrams(document, told, options);
      if (all.length === 0) return;
      const before = told;
      const sending: Sending = { state: 'sending', socket: null };
      last = sending;
      const sent: Datagram[] = [];
      const fail = (error: unknown): void => {
        trouble.failed(messageOf(error));
        // Whichever datagram was refused, those before it found nobody either.
        if (isRefused(error)) sending.state = 'refused';
        told = sending.state === 'refused' ? before : tell(before, sent, document);
      };
      try {
        sending.socket = await connect(target, fail);
        for (const datagram of all) {
          await sendOne(sending.socket, datagram.text);
          sent.push(datagram);
        }
        if (sending.state === 'refused') return;
        sending.state = 'sent';
        told = tell(before, sent, document);
      } catch (error) {
        fail(error);
      }
    },
    close,
  };
}

/** A push, until the next one. */
interface Sending {
  state: 'sending' | 'sent' | 'refused';
  socket: Socket | null;
}

/** A socket that sends to the target alone; `onError` hears of what fails on it later. */
async function connect(
  { host, port }: StatsdTarget,
  onError: (error: Error) => void,
): Promise<Socket> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  // The master does not stay for a datagram.
  socket.unref();
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.once('connect', resolve);
    socket.connect(port, address);
  });
  socket.removeAllListeners('error');
  socket.on('error', onError);
  return socket;
}

function sendOne(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(text, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ECONNREFUSED';
}
