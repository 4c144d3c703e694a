import type { HarakiriRoute } from '../options/harakiri-routes.js';
import type { InspectPlace } from '../options/inspect.js';
import type { StaticSettings } from '../static/settings.js';
import type { RequestLimits } from '../http/limits.js';
import type { LogSettings } from '../request-log/settings.js';
import type { PacketLimits } from '../uwsgi/packet.js';
import type { TallyPlace } from './tally.js';

/** What the master tells a worker at its start, through one environment variable. */
export interface WorkerConfig {
  readonly id: number;
  /** Inherited descriptors, with the address that the application shall believe it listens on. */
  readonly sockets: readonly WorkerSocket[];
  /** Where it writes what it counts; null where the master has no place for it. */
  readonly tally: TallyPlace | null;
  readonly backlog: number;
  /** `--module`, as written; relative to the working directory. */
  readonly module: string;
  /** `--async`, 0 for no cap. */
  readonly async: number;
  /** What is logged of requests; null for nothing. */
  readonly log: LogSettings | null;
  /** The pipe for their lines, when the master reads what is logged; null: stderr. */
  readonly requestsFd: number | null;
  readonly needApp: boolean;
  /** Whether another process serves the application, so that this one need not answer 500. */
  readonly othersServe: boolean;
  /** The `generation` of this process in the stats: how often its worker was replaced before. */
  readonly generation: number;
  /** `--wait-ready` */
  readonly waitReady: boolean;
  /** How long the application may take to be loaded and ready. */
  readonly bootMs: number;
  /** While it has nothing to tell it gives a sign of life after this, milliseconds. */
  readonly signMs: number;
  readonly harakiri: HarakiriConfig;
  /** How large a request may be. */
  readonly limits: RequestLimits;
  /** What a request on a socket of the uwsgi protocol may hold. */
  readonly packets: PacketLimits;
  /** What it answers from files itself. */
  readonly files: StaticSettings;
  /** Whether it accepts nothing until it is told to. */
  readonly paused: boolean;
  /** Whether the master wants to know the files of the application. */
  readonly autoReload: boolean;
  /** Where its inspector listens; null without `--inspect`. */
  readonly inspect: InspectPlace | null;
}

/** How long requests may take. */
export interface HarakiriConfig {
  /** Milliseconds; 0 without a limit. */
  readonly limitMs: number;
  /** The first that matches has another limit. */
  readonly routes: readonly HarakiriRoute[];
  /** Connections that must wait to be accepted before a request is taken for too old. */
  readonly queueThreshold: number;
}

export interface WorkerSocket {
  readonly fd: number;
  readonly proto: 'http' | 'uwsgi';
  /** What `server.address()` answers: where clients connect to. */
  readonly address: { address: string; family: string; port: number } | string;
  /** Whether only the instance's own routers connect to it, which say who their client is. */
  readonly isRouted: boolean;
}

/** The variable; a worker deletes it before the application can see it. */
export const CONFIG_VARIABLE = 'TSUWSGI_WORKER';

/** Takes the configuration out of the environment, which the application shall not see. */
export function readConfig(): WorkerConfig {
  const text = process.env[CONFIG_VARIABLE];
  if (text === undefined) throw new Error('a worker is started by the tsuwsgi master only');
  Reflect.deleteProperty(process.env, CONFIG_VARIABLE);
  return JSON.parse(text) as WorkerConfig;
}
