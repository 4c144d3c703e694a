import http from 'node:http';

/** A complete answer with status 200, by the process that gave it. */
export interface Answered {
  readonly pid: number;
  /** Milliseconds since 1970, when its last byte was read. */
  readonly at: number;
}

/** A request that had no such answer. */
export interface Failed {
  readonly why: string;
  readonly route: string;
  /** The client's port, 0 when it was never connected. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly at: number;
}

/** What clients saw, one entry a request. Nothing is tried twice. */
export interface Ledger {
  readonly answered: readonly Answered[];
  readonly failed: readonly Failed[];
  /** Asks on a connection of its own, or on those of `agent`; the pid that answered, or null. */
  ask(route: string, agent?: http.Agent): Promise<number | null>;
}

/** Books on requests to an application that answers with its pid. */
export function openLedger(origin: string): Ledger {
  const answered: Answered[] = [];
  const failed: Failed[] = [];
  return {
    answered,
    failed,
    ask(route, agent) {
      const sentAt = Date.now();
      return new Promise((resolve) => {
        let port = 0;
        let isOver = false;
        const fail = (why: string): void => {
          if (isOver) return;
          isOver = true;
          failed.push({ why, route, port, sentAt, at: Date.now() });
          resolve(null);
        };
        const request = http.get(origin + route, { agent: agent ?? false }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (text: string) => (body += text));
          response.on('error', (error) => {
            fail(error.message);
          });
          response.on('end', () => {
            const { statusCode, complete } = response;
            if (!complete || statusCode !== 200) {
              fail(complete ? `status ${statusCode}` : 'the answer was cut off');
              return;
            }
            isOver = true;
            const pid = Number(body);
            answered.push({ pid, at: Date.now() });
            resolve(pid);
          });
        });
        request.once('socket', (socket) => {
          port = socket.localPort ?? 0;
          if (socket.connecting) socket.once('connect', () => (port = socket.localPort ?? 0));
        });
        request.on('error', (error) => {
          fail(error.message);
        });
      });
    },
  };
}
