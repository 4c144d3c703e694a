import { onCertificate } from './certificates.js';
import { onLogDrops } from './log-drops.js';
import { onConfigured, onRenewedReload } from './configured.js';
import { converge } from './converge.js';
import type { MasterEvent } from './events.js';
import { onExited } from './exits.js';
import { onHarakiri } from './harakiri.js';
import { onKill } from './kill.js';
import { onLoad } from './load.js';
import { onPause } from './pause.js';
import type { Decision } from './process.js';
import { onMeasured } from './recycle.js';
import { onSignalled } from './signalled.js';
import { onRouterEvent } from './routers/router-events.js';
import { onSpoolerEvent } from './spoolers/spooler-events.js';
import { onScale, onScaleTo } from './scale.js';
import { onFault, onReady, onSpawned, onSpawnFailed } from './spawns.js';
import { onStalled } from './stall.js';
import type { MasterState } from './state.js';
import { stop } from './stop.js';
import { onUpgradeEvent } from './upgrade.js';

/**
 * Decides everything the master does: a state and an event give the next state and what is to be
 * done. Events only record what happened or move a target; `converge` then closes the gap, so that
 * it is safe to ask twice. `now` is monotonic milliseconds.
 */
export function step(state: MasterState, event: MasterEvent, now: number): Decision {
  if (state.phase === 'halted') return [state, []];
  const [recorded, effects] = record(state, event, now);
  const [converged, further] = converge(recorded, now);
  return [converged, [...effects, ...further]];
}

type Handler<E> = (state: MasterState, event: E, now: number) => Decision;

/** What each event means, one row an event. */
const HANDLERS: {
  readonly [T in MasterEvent['type']]: Handler<Extract<MasterEvent, { readonly type: T }>>;
} = {
  tick: (state) => [state, []],
  spawned: onSpawned,
  'spawn-failed': onSpawnFailed,
  ready: onReady,
  fault: onFault,
  exited: onExited,
  reload: onRenewedReload,
  kill: onKill,
  stop,
  signalled: onSignalled,
  measured: onMeasured,
  harakiri: onHarakiri,
  stalled: onStalled,
  scale: onScale,
  'scale-to': onScaleTo,
  pause: onPause,
  load: onLoad,
  certificate: onCertificate,
  'log-drops': onLogDrops,
  'log-files': (state, { how }) => [state, [{ type: 'log-files', how }]],
  configured: onConfigured,
  statistics: (state) => [state, [{ type: 'statistics' }]],
  upgrade: onUpgradeEvent,
  'successor-ready': onUpgradeEvent,
  'successor-failed': onUpgradeEvent,
  'taken-over': onUpgradeEvent,
  'router-spawned': onRouterEvent,
  'router-spawn-failed': onRouterEvent,
  'router-ready': onRouterEvent,
  'router-exited': onRouterEvent,
  'router-leaves': onRouterEvent,
  'router-lingers': onRouterEvent,
  'router-stalled': onRouterEvent,
  'spooler-spawned': onSpoolerEvent,
  'spooler-spawn-failed': onSpoolerEvent,
  'spooler-ready': onSpoolerEvent,
  'spooler-exited': onSpoolerEvent,
  'spooler-leaves': onSpoolerEvent,
  'spooler-overdue': onSpoolerEvent,
  'spooler-stalled': onSpoolerEvent,
  'task-failed': onSpoolerEvent,
};

function record(state: MasterState, event: MasterEvent, now: number): Decision {
  // The table pairs each event with its own handler, which TypeScript cannot follow here.
  const handle = HANDLERS[event.type] as Handler<MasterEvent>;
  return handle(state, event, now);
}
