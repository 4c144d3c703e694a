/** A router of `--http`, the process in front of the workers. Counts are of all its processes. */
export interface HttpRouterStats {
  id: number;
  /** 0 while no process runs under this id. */
  pid: number;
  state: 'starting' | 'ready' | 'draining' | 'backoff' | 'dead';
  /** Where clients connect to. */
  addresses: string[];
  /** Requests that came, since the master started. */
  requests: number;
  in_flight: number;
  /** Requests that wait for a worker. */
  queued: number;
  /** The most that ever waited in one of its processes. */
  queue_max: number;
  /** How many may wait: `--http-queue`. */
  queue_limit: number;
  /** Connections of clients that are open now. */
  connections: number;
  /** Tunnels, such as WebSockets, that are open now. */
  upgraded: number;
  /** Requests that were refused, by reason; only those that came. */
  refused: Record<string, number>;
  /** Requests that the router answered in a worker's or back end's stead, by status. */
  answered: Record<string, number>;
  /** Requests that were given to a second worker. */
  retries: number;
  /** Requests whose client left before the answer was complete. */
  aborted: number;
  /** Bytes from and to clients. */
  rx: number;
  tx: number;
  /** Bytes; 0 while not measured. */
  rss: number;
  /** Percent of one core; null before two measurements. */
  cpu: number | null;
  /** Seconds since 1970; 0 without a process. */
  last_spawn: number;
  /** 1 for the first spawn. */
  respawn_count: number;
  /** As of a worker, whose `LastExit` it is; of a router `stderr` is empty. */
  last_exit: {
    pid: number;
    code: number | null;
    signal: string | null;
    reason: string;
    at: number;
    stderr: string[];
  } | null;
  /** Requests that were answered from files, without a worker. */
  static_requests: number;
  /** The back ends of `--http-to`, which are asked in place of workers; none without it. */
  backends: RouterBackendStats[];
  /** 1 while it accepts connections, 0 also while it is paused. */
  accepting: number;
}

/** A back end of `--http-to`, as a router has it. Counts are of all the router's processes. */
export interface RouterBackendStats {
  /** With its protocol: `uwsgi://127.0.0.1:3031`. */
  address: string;
  in_flight: number;
  /** Requests that were given to it. */
  requests: number;
  /** Answers that it did not give, or not to the end. */
  errors: number;
  /** `down`: it could not be reached and is not asked for a while; `trying`: the next request finds out. */
  state: 'up' | 'down' | 'trying';
}
