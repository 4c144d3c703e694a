import type { NetConnectOpts } from 'node:net';

/** A back end of `--http-to`, which is asked in place of own workers. */
export interface ForeignBackend {
  /** As it is shown: `uwsgi://127.0.0.1:3031`, `http:///run/app.sock`. */
  readonly name: string;
  readonly protocol: 'http' | 'uwsgi';
  readonly at:
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
    | { readonly kind: 'unix'; readonly path: string };
}

/** Where to connect; a host name is resolved by each connection anew. */
export function connectOptions({ at }: ForeignBackend): NetConnectOpts {
  return at.kind === 'unix' ? { path: at.path } : { host: at.host, port: at.port, noDelay: true };
}
