import type { LogSettings } from '../request-log/settings.js';
import type { RouterSettings } from './router.js';

/** In `mutual` TLS clients must show a certificate as well. */
export type TlsSide = 'none' | 'server' | 'mutual';

/** A socket that a router accepts on. */
export interface RouterSocket {
  readonly fd: number;
  readonly name: string;
  /** Whether TLS is spoken there, with credentials that the master sends. */
  readonly tls: TlsSide;
}

/** What the master tells a router process at its start, through one environment variable. */
export interface RouterConfig {
  /** From 1 on. */
  readonly id: number;
  /** Inherited descriptors that clients connect to. */
  readonly sockets: readonly RouterSocket[];
  readonly backlog: number;
  /** While it has nothing to tell it gives a sign of life after this, milliseconds. */
  readonly signMs: number;
  /** Whether it accepts nothing until it is told to. */
  readonly paused: boolean;
  readonly settings: RouterSettings;
  /** What is logged of requests; null for nothing. */
  readonly log: LogSettings | null;
  /** The pipe for their lines, when the master reads what is logged; null: stderr. */
  readonly requestsFd: number | null;
}

/** The variable; a router deletes it once it is read. */
export const ROUTER_VARIABLE = 'TSUWSGI_ROUTER';

/** Takes the configuration out of the environment. */
export function readRouterConfig(): RouterConfig {
  const text = process.env[ROUTER_VARIABLE];
  if (text === undefined) throw new Error('a router is started by the tsuwsgi master only');
  Reflect.deleteProperty(process.env, ROUTER_VARIABLE);
  return JSON.parse(text) as RouterConfig;
}
