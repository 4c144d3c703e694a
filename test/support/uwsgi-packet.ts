import net from 'node:net';

/** The bytes of a uwsgi packet. */
export function packetOf(
  variables: readonly (readonly [string, string])[],
  modifier1 = 0,
  modifier2 = 0,
): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value, 'latin1');
    const length = Buffer.alloc(2);
    length.writeUInt16LE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const content = Buffer.concat(variables.flatMap(([name, value]) => [text(name), text(value)]));
  const header = Buffer.from([modifier1, 0, 0, modifier2]);
  header.writeUInt16LE(content.length, 1);
  return Buffer.concat([header, content]);
}

/** What nginx sends of a request with its `uwsgi_params`, and further variables. */
export function variablesOf(
  method: string,
  target: string,
  further: Readonly<Record<string, string>> = {},
): [string, string][] {
  return Object.entries({
    ...{ QUERY_STRING: '', REQUEST_METHOD: method, CONTENT_TYPE: '', CONTENT_LENGTH: '' },
    ...{ REQUEST_URI: target, PATH_INFO: target, SERVER_PROTOCOL: 'HTTP/1.1' },
    ...{ REMOTE_ADDR: '192.0.2.7', REMOTE_PORT: '4711', SERVER_PORT: '80', SERVER_NAME: 'cats' },
    HTTP_HOST: 'cats.example',
    ...further,
  });
}

/** Sends bytes, and resolves with everything that comes back until the end. */
export function askUwsgi(where: number | string, ...pieces: Buffer[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = typeof where === 'number' ? net.connect(where, '127.0.0.1') : net.connect(where);
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => (received += text));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(received);
    });
    for (const piece of pieces) socket.write(piece);
  });
}
