/** What the master tells a worker at its start, through one environment variable. */
export interface WorkerConfig {
  readonly id: number;
  /** Inherited descriptors, with the address that the application shall believe it listens on. */
  readonly sockets: readonly WorkerSocket[];
  readonly backlog: number;
  /** `--module`, as written; relative to the working directory. */
  readonly module: string;
  /** `--async`, 0 for no cap. */
  readonly async: number;
  readonly log: boolean;
  readonly memoryReport: boolean;
  readonly needApp: boolean;
  /** Whether the master wants to know the files of the application. */
  readonly autoReload: boolean;
}

export interface WorkerSocket {
  readonly fd: number;
  /** As the master bound it: what `server.address()` answers. */
  readonly address: { address: string; family: string; port: number } | string;
}

/** The variable; a worker deletes it before the application can see it. */
export const CONFIG_VARIABLE = 'TSUWSGI_WORKER';
