import net from 'node:net';

/** A load of a fixed number of requests, so that work and not time is compared. */
export interface Load {
  readonly port: number;
  readonly requests: number;
  readonly connections: number;
  readonly keepAlive: boolean;
}

const HEAD_END = '\r\n\r\n';

/**
 * Sends the requests of a load, one after the other on each connection, and settles when all were
 * answered; rejects on any answer other than a complete 200.
 */
export async function send(load: Load): Promise<void> {
  let left = load.requests;
  const take = (): boolean => left-- > 0;
  const one = load.keepAlive ? keepAliveClient : closingClient;
  await Promise.all(Array.from({ length: load.connections }, () => one(load.port, take)));
}

function request(keepAlive: boolean): Buffer {
  const connection = keepAlive ? '' : 'Connection: close\r\n';
  return Buffer.from(
    `GET /cats HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n${connection}\r\n`,
  );
}

function keepAliveClient(port: number, take: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    const bytes = request(true);
    let answer = '';
    const next = (): void => {
      if (take()) socket.write(bytes);
      else socket.end();
    };
    socket.setEncoding('latin1');
    socket.on('connect', next);
    socket.on('data', (text: string) => {
      answer += text;
      if (!isComplete(answer)) return;
      answer = '';
      next();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (answer === '') resolve();
      else reject(new Error(`cut off: ${answer}`));
    });
  });
}

async function closingClient(port: number, take: () => boolean): Promise<void> {
  while (take()) await closingRequest(port);
}

function closingRequest(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = '';
    socket.setEncoding('latin1');
    socket.write(request(false));
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', reject);
    socket.on('close', () => {
      if (isComplete(answer)) resolve();
      else reject(new Error(`cut off: ${answer}`));
    });
  });
}

/** Whether an answer with a Content-Length is there in full. */
function isComplete(answer: string): boolean {
  const end = answer.indexOf(HEAD_END);
  if (end < 0) return false;
  if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`not a 200: ${answer.slice(0, 80)}`);
  const length = Number(/content-length: (\d+)/i.exec(answer)?.[1]);
  return answer.length >= end + HEAD_END.length + length;
}
