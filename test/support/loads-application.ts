/**
 * A child process that does what a worker does with its application and no more: loads it, listens
 * on the inherited descriptor 3, and reports in one line of JSON on standard output.
 */
import type http from 'node:http';
import type { Place } from '../../server/worker/application/load.js';
import { loadApplication } from '../../server/worker/application/load.js';
import { guardListeners } from '../../server/worker/guard.js';

/** What the parent asks for, as JSON in the first argument. */
export interface LoadOrder {
  readonly file: string;
  readonly exportName?: string;
  readonly backlog: number;
  readonly address: Place['address'];
  readonly bootMs?: number;
  /** Let the event loop run empty, which it never does in a worker. */
  readonly bare?: boolean;
}

/** What the child reports. */
export interface LoadReport {
  readonly shape?: string;
  /** How often `onServer` was called, and whether that server listened then. */
  readonly announced: number;
  readonly listenedBefore: boolean;
  readonly sameServer?: boolean;
  readonly address?: unknown;
  readonly error?: string;
  readonly listenError?: string;
}

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const place: Place = { fd: 3, backlog: order.backlog, address: order.address };
const announced: http.Server[] = [];
let listenedBefore = false;
if (order.bare !== true) setInterval(() => undefined, 60_000);

const loaded = await loadApplication(
  order,
  place,
  (server) => {
    announced.push(server);
    listenedBefore ||= server.listening;
    guardListeners(server, (error) => {
      console.error('failed', error);
    });
  },
  order.bootMs === undefined ? undefined : AbortSignal.timeout(order.bootMs),
);

if (loaded.ok) {
  const { server, shape } = loaded.value;
  const listenError = await loaded.value.listen().then(() => undefined, String);
  report({
    shape,
    sameServer: announced[0] === server,
    address: server.address(),
    ...(listenError !== undefined && { listenError }),
  });
} else {
  report({ error: loaded.error });
  process.exitCode = 22;
  if (order.bare !== true) process.exit();
}

function report(outcome: Omit<LoadReport, 'announced' | 'listenedBefore'>): void {
  const line: LoadReport = { announced: announced.length, listenedBefore, ...outcome };
  console.log(JSON.stringify(line));
}
