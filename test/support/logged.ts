import type { Entry } from '../../server/request-log/entry.js';
import type { Logged, LoggedRequest } from '../../server/request-log/logged.js';

/** The head of a small answer, as Node writes it. */
export const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: today\r\n\r\n';

/** A request for the log, with what is not given made up. */
export function requestToLog(given: Partial<LoggedRequest> = {}): LoggedRequest {
  return {
    ...{ method: 'GET', url: '/cats?name=a', httpVersion: '1.1', complete: true },
    rawHeaders: ['Host', 'a'],
    headers: { host: 'a' },
    socket: { remoteAddress: '192.0.2.7', remotePort: 4711, localPort: 8000 },
    ...given,
  };
}

/** A finished request for the log: five bytes after 1.5 milliseconds. */
export function toLog(given: Partial<Logged> = {}): Logged {
  const answer = { status: 200, head: HEAD, tx: HEAD.length + 5, core: 3 };
  return {
    request: requestToLog(),
    ...answer,
    micros: 1500,
    isStatic: false,
    isCut: false,
    ...given,
  };
}

/** The same with what the log adds, ended at a round second of 2026. */
export function entryToLog(given: Partial<Logged> = {}): Entry {
  return {
    logged: toLog(given),
    origin: {
      ...{ pid: 11, worker: 2, hasApp: true },
      counts: () => ({ worker: 5, total: 9 }),
      memory: () => ({ vsz: 3 * 1024 * 1024, rss: 2 * 1024 * 1024 }),
    },
    client: '192.0.2.7',
    endedAt: Date.UTC(2026, 10, 2, 6, 3, 50),
  };
}
