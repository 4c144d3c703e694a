import http from 'node:http';

/** Called with what a listener threw or rejected with; at most once for a request. */
export type OnFailure = (
  error: unknown,
  req: http.IncomingMessage,
  res: http.ServerResponse,
) => void;

type Listener = (...args: unknown[]) => unknown;
type Fail = (error: unknown, req: unknown, res: unknown) => void;

/** The events whose listeners answer a request: `(req, res)`. */
const REQUEST_EVENTS = ['request', 'checkContinue', 'checkExpectation'] as const;

/**
 * Makes a failing request the failure of that request alone: every listener that answers requests,
 * now or added later, is called as before (same `this`, arguments and order, through the server's
 * own `emit`), and what it throws, or what a promise it returns rejects with, goes to `onFailure`.
 * Node on its own would let it end the process.
 *
 * The wrapper carries the original as `.listener`, Node's own convention for `once`: so
 * `listeners()`, `off()` and libraries that put listeners of their own in front still see it.
 */
export function guardListeners(server: http.Server, onFailure: OnFailure): void {
  const failed = new WeakSet<http.ServerResponse>();
  const fail: Fail = (error, req, res) => {
    if (!(req instanceof http.IncomingMessage) || !isResponse(res)) throw error;
    if (failed.has(res)) return;
    failed.add(res);
    onFailure(error, req, res);
  };
  for (const event of REQUEST_EVENTS) {
    const present = server.rawListeners(event);
    for (const listener of present) server.removeListener(event, toListener(listener));
    for (const listener of present) server.addListener(event, guarded(toListener(listener), fail));
  }
  guardAdditions(server, fail);
}

/** Socket.IO and its like put listeners on a server after it listens. */
function guardAdditions(server: http.Server, fail: Fail): void {
  for (const name of ['on', 'addListener', 'prependListener'] as const) {
    const original = toListener(Reflect.get(server, name));
    Object.defineProperty(server, name, {
      configurable: true,
      writable: true,
      value: (event: unknown, listener: unknown) => {
        const isRequest = REQUEST_EVENTS.some((request) => request === event);
        const added =
          isRequest && typeof listener === 'function'
            ? guarded(toListener(listener), fail)
            : listener;
        return Reflect.apply(original, server, [event, added]);
      },
    });
  }
}

function guarded(listener: Listener, fail: Fail): Listener {
  // Two named parameters and `call`: this runs on every request, and a rest array costs as much as
  // the rest of it. Node gives a request listener nothing else.
  const wrapper = function (this: unknown, request: unknown, response: unknown): void {
    try {
      const result = listener.call(this, request, response);
      if (isThenable(result)) {
        result.then(undefined, (error: unknown) => {
          fail(error, request, response);
        });
      }
    } catch (error) {
      fail(error, request, response);
    }
  };
  return Object.assign(wrapper, { listener });
}

const BODY = 'Internal Server Error\n';

/**
 * Ends a request whose handler failed: 500 with a short body when nothing was sent yet, without
 * any header that the handler had set; a complete answer is left to reach the client; a half one
 * is broken off by closing the connection, which is how the client learns that it is not whole.
 */
export function answerFailure(res: http.ServerResponse): void {
  if (res.writableEnded) return;
  if (res.headersSent || !canAnswer(res)) {
    closeConnection(res);
    return;
  }
  try {
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    // Node's own methods: a middleware's replacement may compress, set cookies, or throw again.
    const { prototype } = http.ServerResponse;
    res.statusMessage = http.STATUS_CODES[500] ?? '';
    prototype.writeHead.call(res, 500, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': BODY.length,
    });
    prototype.end.call(res, BODY, 'latin1');
  } catch {
    // The response was half way into a state of its own: only the connection is left to end.
    closeConnection(res);
  }
}

/** A pipelined response waits for its turn without a socket: the request knows the connection. */
function canAnswer(res: http.ServerResponse): boolean {
  return !res.destroyed && res.req.socket.writable;
}

function closeConnection(res: http.ServerResponse): void {
  res.destroy();
  res.req.socket.destroy();
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function isResponse(value: unknown): value is http.ServerResponse {
  return value instanceof http.ServerResponse;
}

function toListener(value: unknown): Listener {
  if (!isListener(value)) throw new TypeError('a listener is not a function');
  return value;
}

function isListener(value: unknown): value is Listener {
  return typeof value === 'function';
}
