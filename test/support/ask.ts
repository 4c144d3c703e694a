import http from 'node:http';

export interface Asked {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: number;
  readonly body: string;
}

export interface Question {
  readonly path: string;
  readonly method?: string;
  readonly agent?: http.Agent;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: Buffer;
}

/** One request to a unix socket or a port, with all that may be asked for, on a connection of its own. */
export function ask(where: string | number, { body, ...question }: Question): Promise<Asked> {
  const place =
    typeof where === 'string' ? { socketPath: where } : { port: where, host: '127.0.0.1' };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...place, agent: false, ...question }, (response) => {
      let bytes = 0;
      let text = '';
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes < 100_000) text += chunk.toString();
      });
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, bytes, body: text });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
