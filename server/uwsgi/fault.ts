/** Why what came on a uwsgi socket is no request. */
export interface Fault {
  readonly status: number;
  /** One line for the client and the log, without anything that the client sent but numbers. */
  readonly reason: string;
  /** What the operator can do, for the log. */
  readonly remedy?: string;
}

export const SPOKE_HTTP: Fault = {
  status: 400,
  reason: 'this socket speaks the uwsgi protocol, not HTTP',
  remedy:
    'somebody spoke HTTP to a uwsgi socket: HTTP is served on an --http-socket, and nginx needs uwsgi_pass instead of proxy_pass',
};

export const BROKEN_VARIABLE: Fault = {
  status: 400,
  reason: 'a variable of the uwsgi packet reaches beyond its end',
};

export const NAMELESS_VARIABLE: Fault = {
  status: 400,
  reason: 'a variable of the uwsgi packet has no name',
};

/** A kind of packet that nothing here serves; its number is told as uWSGI does. */
export function unavailableModifier(modifier: number): Fault {
  return {
    status: 400,
    reason: `unavailable modifier requested: ${modifier}`,
    remedy: 'leave uwsgi_modifier1 out, or at 0',
  };
}

/** More bytes of variables than `--buffer-size` allows. */
export function tooLarge(bytes: number, limit: number): Fault {
  return {
    status: 431,
    reason: `the variables of the request take ${bytes} bytes, ${limit} are allowed`,
    remedy: 'raise --buffer-size, to 65535 at most',
  };
}

/** More variables than `--max-vars` allows. */
export function tooMany(limit: number): Fault {
  return {
    status: 431,
    reason: `the request has more than ${limit} variables`,
    remedy: 'raise --max-vars',
  };
}

/** A request that HTTP does not know; `what` names a variable or a rule and nothing of its value. */
export function malformed(what: string): Fault {
  return { status: 400, reason: what };
}
