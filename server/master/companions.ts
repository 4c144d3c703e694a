import type { ApplicationStart } from './application-start.js';
import type { Logs } from '../logging/logs.js';
import type { Options } from '../options/table.js';
import type { Sources } from '../stats/document/sources.js';
import type { MasterEvent } from './decide/events.js';
import type { MasterState } from './decide/state.js';
import type { Listeners } from './listeners.js';
import { createRouters, type RouterEffect, type Routers } from './routers.js';
import { createSpoolers, type SpoolerEffect, type Spoolers } from './spoolers.js';

/** The processes beside the workers: routers, and spoolers. */
export interface Companions extends Pick<Routers, 'observe' | 'pids' | 'look'> {
  readonly sources: Pick<Sources, 'routers' | 'spoolers' | 'loggers'>;
  readonly askQueue: Spoolers['askQueue'];
  /** Requests that wait in routers. */
  queued(): number;
  /** Performs what concerns them of an effect that the arbiter wants. */
  perform(effect: CompanionEffect): void;
}

type CompanionEffect = RouterEffect | SpoolerEffect;

/** What they work on. */
export interface CompanionParts {
  /** Those that hold now. */
  readonly options: () => Options;
  readonly listeners: Listeners;
  readonly state: () => MasterState;
  readonly post: (event: MasterEvent) => void;
  /** Whether somebody has read the stats lately. */
  readonly isRead: () => boolean;
}

/** What they are started with. */
export interface CompanionStart {
  readonly routerEntry: string;
  readonly spoolerEntry: string;
  /** Folder, limits and flags of what runs the application's code. */
  readonly application: ApplicationStart;
  /** User and group; null for those of the master. */
  readonly children: { readonly uid: number; readonly gid: number } | null;
  /** The log, which the master may collect. */
  readonly logs: Logs;
}

export function createCompanions(parts: CompanionParts, start: CompanionStart): Companions {
  const { routerEntry, spoolerEntry, application, children: owner, logs: output } = start;
  const routers = createRouters({ ...parts, entry: routerEntry, owner, output });
  const spoolers = createSpoolers({ ...parts, entry: spoolerEntry, application, owner, output });
  return {
    sources: {
      ...{ routers: routers.sources, spoolers: spoolers.sources },
      loggers: () => output.counts(),
    },
    askQueue: spoolers.askQueue,
    queued: () => routers.book.queued(),
    pids: () => [...routers.pids(), ...spoolers.pids()],
    perform(effect) {
      switch (effect.type) {
        case 'spawn-router':
          routers.perform(effect);
          break;
        case 'spawn-spooler':
        case 'send-spooler':
        case 'recover-queue':
          spoolers.perform(effect);
          break;
        // A pid is one's or the other's, and nothing to whoever does not know it.
        case 'send':
        case 'sigkill':
          routers.perform(effect);
          spoolers.perform(effect);
      }
    },
    observe: (state) => {
      routers.observe(state);
    },
    look() {
      routers.look();
      spoolers.look();
    },
  };
}
