import { ending } from '../process.js';
import type { MasterEffect } from '../events.js';
import { isCurrent, type RouterSlot, serving } from '../slots.js';
import type { MasterState } from '../state.js';

/** Whether no router process is left, or being spawned: always so without `--http`. */
export function areRoutersGone({ routers }: MasterState): boolean {
  return routers.every(({ processes, spawning }) => processes.length === 0 && !spawning);
}

/** Whether no router will ask a worker again. */
export function areRoutersDone({ routers }: MasterState): boolean {
  return routers.every(
    ({ processes, spawning }) => !spawning && processes.every(({ lingers }) => lingers),
  );
}

/** Every router is to be replaced by a newer process; `converge` does it behind the workers. */
export function replaceRouters(routers: readonly RouterSlot[]): readonly RouterSlot[] {
  return routers.map((slot) => ({ ...slot, wanted: slot.wanted + 1 }));
}

/** Whether every router is served by a process that is as new as wanted. */
export function areRoutersCurrent(routers: readonly RouterSlot[]): boolean {
  return routers.every(isCurrent);
}

/** Those that serve stay; a replacement of one of them that is still starting is ended. */
export function keepRouters(
  routers: readonly RouterSlot[],
  now: number,
): { readonly routers: readonly RouterSlot[]; readonly effects: readonly MasterEffect[] } {
  const effects: MasterEffect[] = [];
  const kept = routers.map((slot) => {
    const current = serving(slot);
    if (current === undefined) return slot;
    const processes = slot.processes.map((process) => {
      if (process.state !== 'starting') return process;
      effects.push({ type: 'send', pid: process.pid, frame: 'exit' });
      return ending(process, 'reload', now);
    });
    return { ...slot, wanted: current.incarnation, processes };
  });
  return { routers: kept, effects };
}

/** Puts a changed slot in its place. */
export function withRouter(state: MasterState, changed: RouterSlot): MasterState {
  const routers = state.routers.map((slot) => (slot.id === changed.id ? changed : slot));
  return { ...state, routers };
}

/** Finds the router that a process belongs to. */
export function routerOf({ routers }: MasterState, pid: number): RouterSlot | undefined {
  return routers.find(({ processes }) => processes.some((process) => process.pid === pid));
}
