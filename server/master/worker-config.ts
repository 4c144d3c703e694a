import { harakiriRoutes } from '../options/harakiri-routes.js';
import { type InspectPlace, readInspect } from '../options/inspect.js';
import { staticSettings } from '../options/static-settings.js';
import { workerLimits } from '../options/request-limits.js';
import { logSettings } from '../options/request-log.js';
import type { Options } from '../options/table.js';
import type { WorkerConfig } from '../worker/config.js';
import { signPeriod } from './decide/silence.js';
import { serving } from './decide/slots.js';
import type { MasterState } from './decide/state.js';

/** What a process of `worker` is told at its start. */
export function workerConfig(
  options: Options,
  state: MasterState,
  worker: number,
  needApp: boolean,
): Omit<WorkerConfig, 'sockets' | 'tally' | 'requestsFd'> {
  return {
    id: worker,
    backlog: options.listen,
    module: options.module ?? '',
    async: options.async ?? 0,
    log: logSettings(options),
    othersServe: state.slots.some((slot) => serving(slot)?.app === true),
    generation: state.slots.find(({ id }) => id === worker)?.wanted ?? 0,
    waitReady: options['wait-ready'],
    bootMs: options['boot-timeout'] * 1000,
    signMs: signPeriod(options['worker-stall'] * 1000),
    harakiri: {
      limitMs: options.harakiri * 1000,
      routes: harakiriRoutes(options['harakiri-route']),
      queueThreshold: options['harakiri-queue-threshold'],
    },
    limits: workerLimits(options),
    packets: { bufferSize: options['buffer-size'], maxVars: options['max-vars'] },
    files: staticSettings(options),
    paused: state.paused,
    autoReload: options['auto-reload'],
    needApp,
    inspect: inspectPlace(options.inspect, worker),
  };
}

/** Each worker's place is one port above that of the worker before. */
function inspectPlace(text: string | undefined, worker: number): InspectPlace | null {
  const place = text === undefined ? null : readInspect(text);
  return place?.ok === true ? { ...place.value, port: place.value.port + worker - 1 } : null;
}
